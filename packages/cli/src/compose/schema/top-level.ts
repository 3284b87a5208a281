import { flag, listOf, mapOf, mapWith, oneOf, orNothing, pairs, text, textOrNumber } from './forms.ts';
import { key, refusedKey } from './key-doc.ts';

const external = () =>
  oneOf('true or false', flag(), mapWith({ name: key(text(), 'Its name; write it in `name` instead.') }));

const driverOptions = () => mapOf(textOrNumber(), 'a map');

/** A network as it is written; it may say nothing. */
export const network = orNothing(
  mapWith({
    name: key(text(), 'Name on the engine. Unsaid: `PROJECT_KEY`.'),
    external: key(external(), 'Somebody else makes it and removes it; a missing one is an error.'),
    driver: key(text(), 'Driver of the engine; unsaid, `bridge`.'),
    driver_opts: key(driverOptions(), 'Options of the driver.'),
    internal: key(flag(), 'Without a way out.'),
    attachable: key(flag(), 'Other containers may join (Swarm).'),
    enable_ipv4: key(flag(), 'IPv4.'),
    enable_ipv6: key(flag(), 'IPv6.'),
    ipam: key(
      mapWith({
        driver: key(text(), 'Driver that gives addresses.'),
        config: key(
          listOf(
            mapWith({
              subnet: key(text(), 'Subnet: `172.28.0.0/16`.'),
              ip_range: key(text(), 'Part of it that containers get addresses from.'),
              gateway: key(text(), 'Address of the gateway.'),
              aux_addresses: key(mapOf(text(), 'a map'), 'Addresses that are taken.'),
            }),
            'a list of maps',
          ),
          'Subnets.',
        ),
        options: key(mapOf(text(), 'a map'), 'Options of that driver.'),
      }),
      'Its addresses.',
    ),
    labels: key(pairs(), 'Labels of the network.'),
  }),
  'a map',
);

/** A named volume as it is written; it may say nothing. */
export const volume = orNothing(
  mapWith({
    name: key(text(), 'Name on the engine. Unsaid: `PROJECT_KEY`.'),
    external: key(external(), 'Somebody else makes it; it is never removed, and a missing one is an error.'),
    driver: key(text(), 'Driver of the engine; unsaid, `local`.'),
    driver_opts: key(driverOptions(), 'Options of the driver.'),
    labels: key(pairs(), 'Labels of the volume.'),
  }),
  'a map',
);

const NO_STORE = 'an engine without Swarm has no store of its own: give `file` or `environment`';

/** A secret as it is written. */
export const secret = mapWith({
  file: key(text(), 'File that holds it, relative to the project directory.'),
  environment: key(text(), 'Variable that holds it.'),
  name: key(text(), 'A name of its own.'),
  labels: key(pairs(), 'Labels.', 'Not used.'),
  external: key(external(), 'Kept in a Swarm.', `An error where a service uses it: ${NO_STORE}.`),
  driver: refusedKey(text(), 'Driver of a Swarm.', `Remove it; ${NO_STORE}.`),
  driver_opts: refusedKey(driverOptions(), 'Options of that driver.', `Remove it; ${NO_STORE}.`),
  template_driver: refusedKey(text(), 'Template of a Swarm.', 'Remove it: a value is copied as it is.'),
});

/** A config as it is written. */
export const config = mapWith({
  file: key(text(), 'File that holds it, relative to the project directory.'),
  content: key(text(), 'The text itself.'),
  environment: key(text(), 'Variable that holds it.'),
  name: key(text(), 'A name of its own.'),
  labels: key(pairs(), 'Labels.', 'Not used.'),
  external: key(external(), 'Kept in a Swarm.', `An error where a service uses it: ${NO_STORE}.`),
  template_driver: refusedKey(text(), 'Template of a Swarm.', 'Remove it: a value is copied as it is.'),
});
