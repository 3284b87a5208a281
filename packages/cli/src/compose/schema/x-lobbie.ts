import type { z } from 'zod/mini';
import { MOST_REPLICAS } from '../../model/most-replicas.ts';
import { toBoolean } from '../decode/cast-rules.ts';
import { durationMs } from '../parse/duration-ms.ts';
import { isAddress } from './formats.ts';
import { durationWithin, flag, listOf, mapWith, number, oneOf, text, textLike, wholeNumber, word } from './forms.ts';
import { key, meaning } from './key-doc.ts';

const urlPath = () => textLike('a path that begins with "/"', (value) => /^\/[^\s?#]*(\?[^\s#]*)?$/.test(value));

const port = () => meaning(wholeNumber('a port from 1 to 65535', 1, 65_535), Number);

const subnet = () => textLike('an address or a subnet such as "10.0.0.0/8"', isSubnet);

/** `192.0.2.1`, `10.0.0.0/8`, `fd00::/8`. */
function isSubnet(value: string): boolean {
  const [address = '', prefix, ...more] = value.split('/');
  if (!isAddress(address) || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (address.includes(':') ? 128 : 32));
}

/** HAProxy counts milliseconds up to 2^31, which is 24.8 days. */
const LONGEST = '24d';

/** Milliseconds. */
const timeout = (least = '1s') => meaning(durationWithin(least, LONGEST), durationMs);

/** Settings of a service for lobbie. Every key is optional. */
export const serviceExtension = () =>
  mapWith({
    replicas: key(
      meaning(wholeNumber(`a whole number from 0 to ${MOST_REPLICAS}`, 0, MOST_REPLICAS), Number),
      'How many replicas, if `deploy.replicas` would make `docker compose up` fail because of a port or a name. A job with 0 runs only with `docker compose up`.',
    ),
    report: key(
      urlPath(),
      'Path to request from each replica after its health gate. The receipt shows the answer: `file` if it is JSON with that key, otherwise its first line, up to 80 characters.',
    ),
    discovery: key(
      word('ingress', 'replicas'),
      'Where a reverse proxy finds the service by labels (`traefik.*`, `caddy*`) or environment (`VIRTUAL_HOST`): at its `ingress` (default) or at its `replicas`. See [A proxy that finds services](#a-proxy-that-finds-services).',
    ),
    ingress: key(
      oneOf(
        'true, false or a map',
        meaning(flag(), (said) => ({ wanted: typeof said === 'boolean' ? said : toBoolean(said).value === true })),
        mapWith({
          health: key(
            urlPath(),
            'Path that must answer 2xx or 3xx before a replica is admitted, in addition to the healthcheck.',
          ),
          ports: key(
            listOf(port(), 'a list of ports'),
            'More TCP ports for the ingress, in addition to those that are published, exposed or named by the image. With this key, a service that publishes no port gets an ingress.',
          ),
          drain_timeout: key(
            timeout('0s'),
            'How long requests in flight may take before their container is stopped. Default: 30 s. `0s` does not wait.',
          ),
          max_error_ratio: key(
            meaning(number('a number from 0 to 1', 0, 1), Number),
            'Share of answers, 0 to 1, that may be 5xx in the `monitor` time after the switch (default 10 s). If the share is higher than this and higher than before, the rollout is undone. By default, answers are only counted.',
          ),
          min_requests: key(
            meaning(wholeNumber('a whole number from 1 to 1000000000', 1, 1_000_000_000), Number),
            'With fewer requests in that time, `max_error_ratio` has no effect. Default: 20.',
          ),
          hold_timeout: key(
            timeout(),
            'How long requests wait during a rollout while no replica is in service. Default: 30 s.',
          ),
          outage_timeout: key(
            timeout(),
            'How long requests wait at any other time while no replica is in service, for example after a crash. Default: 10 s. Then they get 503, and later requests get 503 at once until a replica is back.',
          ),
          client_timeout: key(
            timeout(),
            'How long a client may send nothing within a request, and between two requests. Default: 60 s.',
          ),
          server_timeout: key(timeout(), 'How long a replica may send nothing while it has a request. Default: 24 h.'),
          trusted_proxies: key(
            listOf(subnet(), 'a list of subnets'),
            'Addresses and subnets of proxies whose `X-Forwarded-*` and `Forwarded` headers are kept, such as `10.0.0.0/8`. Containers of the project are always trusted.',
          ),
          proxy_protocol: key(
            word('v1', 'v2'),
            "Begin each connection to a replica with the PROXY protocol, which contains the client's address. Connections from `trusted_proxies` must then begin with it too.",
          ),
        }),
      ),
      'The ingress in front of the service. `true` asks for one, `false` refuses one, and a map asks for one and configures it. By default, a service has an ingress if it publishes a TCP port, or if other services reach it over TCP and it mounts no data.',
    ),
  });

/** What a service says to lobbie; durations in milliseconds. */
export type LobbieExtension = z.output<ReturnType<typeof serviceExtension>>;

/** Settings of a project for lobbie. */
export const projectExtension = () =>
  mapWith({
    history: key(
      text(),
      "Directory that outlives all containers, where each container of lobbie's own API creates its file. Relative to the project directory.",
    ),
  });
