import { extraHosts } from './build.ts';
import { portFault } from './formats.ts';
import {
  listOf,
  mapOf,
  mapWith,
  namedMapOf,
  oneOf,
  oneOrMore,
  orNothing,
  strictNumber,
  text,
  textForEngine,
  textOrNumber,
  textSet,
  wholeNumber,
} from './forms.ts';
import { key, refusedKey, requiredKey } from './key-doc.ts';
import { exposed, portNumber, spelt } from './spelt.ts';

const ports = () =>
  listOf(
    oneOf(
      'a port such as "8080:80" or a map',
      portNumber(),
      spelt('a port such as "8080:80"', portFault),
      mapWith({
        target: requiredKey(wholeNumber('a port from 1 to 65535', 1, 65_535), 'Port in the container.'),
        published: key(
          textOrNumber('a port or a range of ports'),
          'Port of the host; a range: any free one of it. Unsaid: any free one.',
        ),
        host_ip: key(text(), 'Address of the host; unsaid, all of them.'),
        protocol: key(
          textForEngine('"tcp", "udp" or "sctp"', (value) => /^(tcp|udp|sctp)$/i.test(value)),
          '`tcp` (unsaid), `udp` or `sctp`.',
        ),
        app_protocol: key(
          text(),
          'What is spoken: `http`, `postgres`, …',
          'With `http` and `ws` the ingress reads HTTP/1; `http2`, `h2c` and `grpc` are detected by their first bytes; all else (`https`, `postgres`) it passes on untouched. Unsaid, each connection is detected by its first bytes: HTTP/1, HTTP/2 without TLS, or anything else. A server that speaks first (SMTP, MySQL) is found by listening at the health gate: for 3 s on the usual ports of such protocols, else for 0.3 s. `tcp` says so for sure.',
        ),
        name: key(text(), 'A name for people.'),
        mode: key(text(), '`ingress` or `host`, for a Swarm.', 'Not used, as in Docker Compose.'),
      }),
    ),
    'a list of ports',
  );

const serviceNetwork = () =>
  orNothing(
    mapWith({
      aliases: key(textSet('a list of names'), 'Further names of the service on this network.'),
      ipv4_address: key(
        text(),
        'Static address.',
        'Behind an ingress it is the ingress that has it. Without one, two replicas cannot run at once: the service is stop-first, with one replica.',
      ),
      ipv6_address: key(text(), 'Static IPv6 address.', 'As `ipv4_address`.'),
      link_local_ips: key(textSet('a list of addresses'), 'Link-local addresses.'),
      mac_address: key(text(), 'MAC address.'),
      driver_opts: key(mapOf(textOrNumber(), 'a map'), 'Options of the driver for this connection.'),
      priority: key(strictNumber(), 'Order in which networks are joined; the highest first.'),
      gw_priority: key(strictNumber(), 'Which network gives the default route; the highest.'),
      interface_name: key(text(), 'Name of the interface in the container.'),
    }),
    'a map',
  );

/** How a service is reached, and what it reaches. */
export const networkKeys = {
  ports: key(
    ports(),
    'Ports published on the host: `"8080:80"`, `"127.0.0.1:8080:80"`, `"53:53/udp"`, `"8000-8010:80"`, `"80"`.',
    'TCP ports belong to the ingress, so they stay open while containers change.',
  ),
  expose: key(
    listOf(exposed(), 'a list of ports'),
    'Ports that other services reach.',
    'The ingress listens on those that are found to answer.',
  ),
  networks: key(
    oneOf('a list of networks or a map', textSet('a list of networks'), namedMapOf(serviceNetwork(), 'a map')),
    'Networks to join; unsaid, `default`.',
  ),
  network_mode: key(
    text(),
    '`host`, `none`, `bridge`, `service:NAME` or `container:NAME`; not together with `networks`.',
    'There is no ingress then: the service is stop-first. The name of a container of the project means its service. See [a shared network](#a-shared-network).',
  ),
  links: key(
    textSet('a list of "SERVICE:ALIAS"'),
    'Further names for other services.',
    'The other service gets the alias on the networks they share.',
  ),
  external_links: refusedKey(
    textSet(),
    'Names for containers outside of the project.',
    'Put both on one network with `external: true` and use the name of the container.',
  ),
  dns: key(oneOrMore('an address or a list of them'), 'DNS servers.'),
  dns_search: key(oneOrMore(), 'Search domains.'),
  dns_opt: key(listOf(text(), 'a list of options'), 'Options of the resolver.'),
  extra_hosts: key(extraHosts(), 'Further lines of `/etc/hosts`.'),
  mac_address: key(
    text(),
    'MAC address.',
    'It belongs to the replica, so two cannot run at once: the service is stop-first.',
  ),
};
