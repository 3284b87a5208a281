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
          'Port on the host. For a range, any free port in it. Default: any free port.',
        ),
        host_ip: key(text(), 'Address on the host. Default: all addresses.'),
        protocol: key(
          textForEngine('"tcp", "udp" or "sctp"', (value) => /^(tcp|udp|sctp)$/i.test(value)),
          '`tcp` (default), `udp` or `sctp`.',
        ),
        app_protocol: key(
          text(),
          "The application's protocol: `http`, `postgres`, …",
          'With `http` and `ws`, the ingress reads HTTP/1. With `http2`, `h2c` and `grpc`, it detects the protocol by the first bytes. It forwards all others (`https`, `postgres`) unchanged. By default, it detects each connection by its first bytes: HTTP/1, HTTP/2 without TLS, or anything else. To find a server that sends first (SMTP, MySQL), the health gate listens for 3 s on the usual ports of such protocols, on others for 0.3 s. `tcp` makes sure.',
        ),
        name: key(text(), 'A descriptive name.'),
        mode: key(text(), '`ingress` or `host`, for Swarm.', 'Not used, as in Docker Compose.'),
      }),
    ),
    'a list of ports',
  );

const serviceNetwork = () =>
  orNothing(
    mapWith({
      aliases: key(textSet('a list of names'), 'More names of the service on this network.'),
      ipv4_address: key(
        text(),
        'Static address.',
        'With an ingress, the ingress has this address. Without one, only one replica can run at a time: the service is stop-first.',
      ),
      ipv6_address: key(text(), 'Static IPv6 address.', 'As for `ipv4_address`.'),
      link_local_ips: key(textSet('a list of addresses'), 'Link-local addresses.'),
      mac_address: key(text(), 'MAC address.'),
      driver_opts: key(mapOf(textOrNumber(), 'a map'), 'Options of the driver for this connection.'),
      priority: key(strictNumber(), 'Order in which to join networks, the highest first.'),
      gw_priority: key(strictNumber(), 'The network with the highest value provides the default route.'),
      interface_name: key(text(), 'Name of the interface in the container.'),
    }),
    'a map',
  );

/** How a service is reached, and what it can reach. */
export const networkKeys = {
  ports: key(
    ports(),
    'Ports to publish on the host: `"8080:80"`, `"127.0.0.1:8080:80"`, `"53:53/udp"`, `"8000-8010:80"`, `"80"`.',
    'TCP ports belong to the ingress, so they stay open while containers are replaced.',
  ),
  expose: key(
    listOf(exposed(), 'a list of ports'),
    'Ports for other services.',
    'The ingress listens on those that are found to answer.',
  ),
  networks: key(
    oneOf('a list of networks or a map', textSet('a list of networks'), namedMapOf(serviceNetwork(), 'a map')),
    'Networks to join. Default: `default`.',
  ),
  network_mode: key(
    text(),
    '`host`, `none`, `bridge`, `service:NAME` or `container:NAME`. Cannot be combined with `networks`.',
    'The service then has no ingress and is stop-first. If NAME is a container of the project, it means its service. See [a shared network](#a-shared-network).',
  ),
  links: key(
    textSet('a list of "SERVICE:ALIAS"'),
    'Additional names for other services.',
    'The other service has the alias on the networks that both share.',
  ),
  external_links: refusedKey(
    textSet(),
    'Names for containers outside the project.',
    "Connect both to one network with `external: true` and use the container's name.",
  ),
  dns: key(oneOrMore('an address or a list of them'), 'DNS servers.'),
  dns_search: key(oneOrMore(), 'Search domains.'),
  dns_opt: key(listOf(text(), 'a list of options'), 'Options for the resolver.'),
  extra_hosts: key(extraHosts(), 'More lines in `/etc/hosts`.'),
  mac_address: key(
    text(),
    'MAC address.',
    'The replica has it, so only one can run at a time: the service is stop-first.',
  ),
};
