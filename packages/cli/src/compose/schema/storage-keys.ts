import { flag, mapOf, oneOrMore, size, textOrNumber, textSet } from './forms.ts';
import { key, refusedKey } from './key-doc.ts';
import { devices, fileReferences, mounts } from './mounts.ts';

/** What a container may read and write. */
export const storageKeys = {
  volumes: key(
    mounts(),
    'Mounts: `"data:/var/lib/x"` for a named volume, `"./conf:/etc/x:ro"` for a directory, `"/cache"` for an anonymous volume.',
    'Whatever can be written and could be data makes the service stop-first. Anonymous volumes are handed on to the next container.',
  ),
  tmpfs: key(oneOrMore('a path or a list of paths'), 'Directories in memory: `"/run:size=64m"`.'),
  configs: key(
    fileReferences('Path in the container. Unsaid: `/NAME`.'),
    'Configs as files in the container.',
    'Copied in before it starts, or mounted where the target lies in another mount: see [below](#configs-and-secrets).',
  ),
  secrets: key(
    fileReferences('Path in the container, or a name below `/run/secrets`. Unsaid: `/run/secrets/NAME`.'),
    'Secrets as files in the container.',
    "As configs, see [below](#configs-and-secrets). They lie unencrypted on the engine's disk, and appear in no output, label or record.",
  ),
  volumes_from: refusedKey(
    textSet(),
    'Mounts of another container.',
    'Name the same volume in `volumes` of both services.',
  ),
  devices: key(devices(), 'Devices of the host: `"/dev/ttyUSB0:/dev/ttyUSB0"`.'),
  device_cgroup_rules: key(textSet('a list of rules'), 'Rules for devices: `"c 1:3 mr"`.'),
  read_only: key(flag(), "The container's own file system cannot be written."),
  shm_size: key(size(), 'Size of `/dev/shm`.'),
  storage_opt: key(mapOf(textOrNumber(), 'a map'), 'Options of the storage driver: `size: 20G`.'),
};
