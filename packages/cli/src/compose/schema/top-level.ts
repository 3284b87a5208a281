import { flag, listOf, mapOf, mapWith, oneOf, orNothing, pairs, text, textOrNumber } from './forms.ts';
import { key, refusedKey } from './key-doc.ts';

const external = () => oneOf('true or false', flag(), mapWith({ name: key(text(), 'The name. Use `name` instead.') }));

const driverOptions = () => mapOf(textOrNumber(), 'a map');

/** A network as written. It may be empty. */
export const network = orNothing(
  mapWith({
    name: key(text(), 'Name on the engine. Default: `PROJECT_KEY`.'),
    external: key(
      external(),
      'The network exists outside the project. lobbie neither creates nor removes it; a missing network is an error.',
    ),
    driver: key(text(), 'Network driver. Default: `bridge`.'),
    driver_opts: key(driverOptions(), 'Options of the driver.'),
    internal: key(flag(), 'Without access to the outside.'),
    attachable: key(flag(), 'Allow other containers to join (Swarm).'),
    enable_ipv4: key(flag(), 'IPv4.'),
    enable_ipv6: key(flag(), 'IPv6.'),
    ipam: key(
      mapWith({
        driver: key(text(), 'Driver that assigns addresses.'),
        config: key(
          listOf(
            mapWith({
              subnet: key(text(), 'Subnet: `172.28.0.0/16`.'),
              ip_range: key(text(), 'Part of the subnet from which containers get addresses.'),
              gateway: key(text(), 'Address of the gateway.'),
              aux_addresses: key(mapOf(text(), 'a map'), 'Addresses that are already used.'),
            }),
            'a list of maps',
          ),
          'Subnets.',
        ),
        options: key(mapOf(text(), 'a map'), 'Options of that driver.'),
      }),
      'Addresses of the network.',
    ),
    labels: key(pairs(), 'Labels of the network.'),
  }),
  'a map',
);

/** A named volume as written. It may be empty. */
export const volume = orNothing(
  mapWith({
    name: key(text(), 'Name on the engine. Default: `PROJECT_KEY`.'),
    external: key(
      external(),
      'The volume exists outside the project. lobbie neither creates nor removes it; a missing volume is an error.',
    ),
    driver: key(text(), 'Volume driver. Default: `local`.'),
    driver_opts: key(driverOptions(), 'Options of the driver.'),
    labels: key(pairs(), 'Labels of the volume.'),
  }),
  'a map',
);

const NO_STORE = 'an engine without Swarm cannot store it: use `file` or `environment`';

/** A secret as written. */
export const secret = mapWith({
  file: key(text(), 'File with the content, relative to the project directory.'),
  environment: key(text(), 'Environment variable with the content.'),
  name: key(text(), 'Name of the secret.'),
  labels: key(pairs(), 'Labels.', 'Not used.'),
  external: key(external(), 'Stored in a Swarm.', `An error if a service uses it: ${NO_STORE}.`),
  driver: refusedKey(text(), 'Driver of a Swarm.', `Remove it; ${NO_STORE}.`),
  driver_opts: refusedKey(driverOptions(), 'Options of that driver.', `Remove it; ${NO_STORE}.`),
  template_driver: refusedKey(text(), 'Template of a Swarm.', 'Remove it: the content is copied unchanged.'),
});

/** A config as written. */
export const config = mapWith({
  file: key(text(), 'File with the content, relative to the project directory.'),
  content: key(text(), 'The content itself.'),
  environment: key(text(), 'Environment variable with the content.'),
  name: key(text(), 'Name of the config.'),
  labels: key(pairs(), 'Labels.', 'Not used.'),
  external: key(external(), 'Stored in a Swarm.', `An error if a service uses it: ${NO_STORE}.`),
  template_driver: refusedKey(text(), 'Template of a Swarm.', 'Remove it: the content is copied unchanged.'),
});
