import { MOST_REPLICAS } from '../../model/most-replicas.ts';
import { isAddress } from './formats.ts';
import { durationWithin, flag, listOf, mapWith, number, oneOf, text, textLike, wholeNumber, word } from './forms.ts';
import { key } from './key-doc.ts';

const urlPath = () => textLike('a path that begins with "/"', (value) => /^\/[^\s?#]*(\?[^\s#]*)?$/.test(value));

const port = () => wholeNumber('a port from 1 to 65535', 1, 65_535);

const subnet = () => textLike('an address or a subnet such as "10.0.0.0/8"', isSubnet);

/** `192.0.2.1`, `10.0.0.0/8`, `fd00::/8`. */
function isSubnet(value: string): boolean {
  const [address = '', prefix, ...more] = value.split('/');
  if (!isAddress(address) || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (address.includes(':') ? 128 : 32));
}

/** HAProxy counts milliseconds up to 2^31, which is 24.8 days. */
const LONGEST = '24d';

const timeout = () => durationWithin('1s', LONGEST);

/** What a service says to lobbie alone; every key of it is optional. */
export const serviceExtension = () =>
  mapWith({
    replicas: key(
      wholeNumber(`a whole number from 0 to ${MOST_REPLICAS}`, 0, MOST_REPLICAS),
      'How many replicas, where `deploy.replicas` would make `docker compose up` clash over a port or a name. A job with 0 is for `docker compose up` alone.',
    ),
    report: key(
      urlPath(),
      'Path that is asked of each replica after its health gate; the answer is shown in the receipt: its `file` if it is JSON with one, else its first line, up to 80 letters.',
    ),
    discovery: key(
      word('ingress', 'replicas'),
      'Where a reverse proxy finds the service by labels (`traefik.*`, `caddy*`) or environment (`VIRTUAL_HOST`): at its `ingress`, unless said, or at its `replicas`. See [A proxy that finds services](#a-proxy-that-finds-services).',
    ),
    ingress: key(
      oneOf(
        'true, false or a map',
        flag(),
        mapWith({
          health: key(
            urlPath(),
            'Path that has to answer 2xx or 3xx before a replica is admitted, besides the healthcheck.',
          ),
          ports: key(
            listOf(port(), 'a list of ports'),
            'TCP ports that the ingress listens on besides those that are published, exposed or named by the image; a service that publishes none gets an ingress by them.',
          ),
          drain_timeout: key(
            durationWithin('0s', LONGEST),
            'How long requests in flight may take before their container is stopped; 30 s unless said. `0s` waits for none.',
          ),
          max_error_ratio: key(
            number('a number from 0 to 1', 0, 1),
            'Part of the answers, 0 to 1, that may be 5xx in the `monitor` time after the switch (10 s unless said): with more, and with more than before, the rollout is taken back. Unsaid, answers are only counted.',
          ),
          min_requests: key(
            wholeNumber('a whole number from 1 to 1000000000', 1, 1_000_000_000),
            'With fewer requests in that time `max_error_ratio` decides nothing; 20 unless said.',
          ),
          hold_timeout: key(
            timeout(),
            'How long requests wait during a rollout while no replica is in service; 30 s unless said.',
          ),
          outage_timeout: key(
            timeout(),
            'How long requests wait at any other time while no replica is in service, such as one that crashed and is restarted; 10 s unless said. Then they get 503, and further requests get it at once until a replica is back.',
          ),
          client_timeout: key(
            timeout(),
            'How long a client may stay silent while its request is not complete, and between two requests; 60 s unless said.',
          ),
          server_timeout: key(
            timeout(),
            'How long a replica may stay silent while it has a request; 24 h unless said.',
          ),
          trusted_proxies: key(
            listOf(subnet(), 'a list of subnets'),
            'Addresses and subnets of proxies whose `X-Forwarded-*` and `Forwarded` headers pass unchanged, such as `10.0.0.0/8`. The containers of the project are trusted without it.',
          ),
          proxy_protocol: key(
            word('v1', 'v2'),
            'Each connection to a replica begins with the PROXY protocol, which names the address of the client. With it, connections from `trusted_proxies` have to begin so too.',
          ),
        }),
      ),
      'The ingress in front of the service: `true` asks for one, `false` for none, and a map asks for one and sets it up. Unsaid, a service has one that publishes a TCP port, or that other services reach over TCP and that mounts no data.',
    ),
  });

/** What a project says to lobbie alone. */
export const projectExtension = () =>
  mapWith({
    history: key(
      text(),
      "Directory that outlives all containers, where each container of lobbie's own API makes its file; relative to the project directory.",
    ),
  });
