import { anything, mapWith, namedMapOf, text } from './forms.ts';
import { include } from './include.ts';
import { ignoredKey, key, refusedKey } from './key-doc.ts';
import { service } from './service.ts';
import { config, network, secret, volume } from './top-level.ts';
import { projectExtension } from './x-lobbie.ts';

/**
 * A Compose file as written: after interpolation, before short forms are expanded. As strict as Docker Compose 2.40.
 */
export const composeFile = mapWith({
  name: key(text(), 'Name of the project. `-p` and COMPOSE_PROJECT_NAME override it.'),
  services: key(namedMapOf(service, 'a map of services'), 'The services to run.'),
  networks: key(namedMapOf(network, 'a map of networks'), 'Networks. Only networks that a service uses are created.'),
  volumes: key(namedMapOf(volume, 'a map of volumes'), 'Named volumes. Only volumes that a service uses are created.'),
  secrets: key(namedMapOf(secret, 'a map of secrets'), 'Secret files for certain services.'),
  configs: key(namedMapOf(config, 'a map of configs'), 'Configuration files for services.'),
  version: ignoredKey(text(), 'Version of the format (obsolete).', 'the format no longer has versions'),
  'x-lobbie': key(projectExtension(), 'Settings for lobbie.'),
  include: key(include, 'Other Compose files to add, with their services, networks, volumes, secrets and configs.'),
  models: refusedKey(anything(), 'AI models of Docker Desktop.', 'Run the model as a service.'),
});
