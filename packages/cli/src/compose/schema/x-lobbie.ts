import { duration, flag, listOf, mapWith, number, oneOf, text, textLike, wholeNumber, word } from './forms.ts';
import { key } from './key-doc.ts';

const urlPath = () => textLike('a path that begins with "/"', (value) => /^\/[^\s?#]*(\?[^\s#]*)?$/.test(value));

const port = () => wholeNumber('a port from 1 to 65535', 1, 65_535);

/** What a service says to lobbie alone; every key of it is optional. */
export const serviceExtension = () =>
  mapWith({
    replicas: key(
      wholeNumber('a whole number from 0', 0),
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
            duration(),
            'How long requests in flight may take before their container is stopped; 30 s unless said.',
          ),
          max_error_ratio: key(
            number('a number from 0 to 1', 0, 1),
            'Part of the answers, 0 to 1, that may be 5xx in the `monitor` time after the switch (10 s unless said): with more, and with more than before, the rollout is taken back. Unsaid, answers are only counted.',
          ),
          min_requests: key(
            wholeNumber('a whole number from 1', 1),
            'With fewer requests in that time `max_error_ratio` decides nothing; 20 unless said.',
          ),
          hold_timeout: key(duration(), 'How long requests wait while no replica is in service; 30 s unless said.'),
          client_timeout: key(duration(), 'How long a client may stay silent; 60 s unless said.'),
          server_timeout: key(duration(), 'How long an answer may take; 60 s unless said.'),
        }),
      ),
      'The ingress in front of the service: `true` asks for one, `false` for none, and a map sets it up. Unsaid, a service has one that publishes a TCP port, or that other services reach over TCP and that mounts no data.',
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
