import { flag, listOf, mapWith, orNothing, pairs, setOf, strictFlag, text, word } from './forms.ts';
import { key, refusedKey } from './key-doc.ts';

/** The privileges of a container. */
export const securityKeys = {
  cap_add: key(listOf(text(), 'a list of capabilities'), 'Capabilities to add.'),
  cap_drop: key(listOf(text(), 'a list of capabilities'), 'Capabilities to remove.'),
  security_opt: key(setOf(text(), 'a list of options'), 'Options such as `no-new-privileges:true`.'),
  privileged: key(flag(), 'Give the container full privileges on the host.', 'Warns about it.'),
  userns_mode: key(text(), 'User namespace: `host`.'),
  pid: key(
    orNothing(text(), 'text'),
    'Process namespace: `host`, `service:NAME` or `container:NAME`.',
    'With another service, it works as in `network_mode`.',
  ),
  ipc: key(
    text(),
    'IPC namespace: `host`, `shareable`, `service:NAME` or `container:NAME`.',
    'With another service, it works as in `network_mode`. The other service must be `shareable`.',
  ),
  uts: key(text(), 'UTS namespace: `host`.'),
  cgroup: key(word('host', 'private'), 'Namespace of control groups.'),
  cgroup_parent: key(text(), 'Control group above the container.'),
  sysctls: key(pairs(), 'Kernel parameters.'),
  runtime: key(text(), 'Runtime of the engine, such as `runc`.'),
  isolation: key(text(), 'Isolation of a Windows container.'),
  credential_spec: refusedKey(
    mapWith({
      config: key(text(), 'Name of a config.'),
      file: key(text(), 'A file.'),
      registry: key(text(), 'A registry entry.'),
    }),
    'Account for a Windows container.',
    'Remove it: lobbie deploys Linux containers.',
  ),
  use_api_socket: refusedKey(
    strictFlag(),
    "The engine's socket inside the container.",
    'Mount it in `volumes`: "/var/run/docker.sock:/var/run/docker.sock".',
  ),
};
