import { anything, mapWith, namedMapOf, text } from './forms.ts';
import { include } from './include.ts';
import { ignoredKey, key, refusedKey } from './key-doc.ts';
import { service } from './service.ts';
import { config, network, secret, volume } from './top-level.ts';
import { projectExtension } from './x-lobbie.ts';

/** A Compose file as it is written: after interpolation, before short forms are made long. As strict as Docker Compose 2.40. */
export const composeFile = mapWith({
  name: key(text(), 'Name of the project, unless `-p` or COMPOSE_PROJECT_NAME says another.'),
  services: key(namedMapOf(service, 'a map of services'), 'What runs.'),
  networks: key(namedMapOf(network, 'a map of networks'), 'Networks; those that no service uses are not made.'),
  volumes: key(namedMapOf(volume, 'a map of volumes'), 'Named volumes; those that no service uses are not made.'),
  secrets: key(namedMapOf(secret, 'a map of secrets'), 'Values that only some services see, as files.'),
  configs: key(namedMapOf(config, 'a map of configs'), 'Files that services read.'),
  version: ignoredKey(text(), 'Version of the format, long ago.', 'the format has no versions any more'),
  'x-lobbie': key(projectExtension(), 'What only lobbie reads.'),
  include: key(include, 'Other Compose files, whose services, networks, volumes, secrets and configs are added.'),
  models: refusedKey(anything(), 'AI models of Docker Desktop.', 'Run the model as a service.'),
});
