import { flag, mapOf, oneOrMore, size, textOrNumber, textSet } from './forms.ts';
import { key, refusedKey } from './key-doc.ts';
import { devices, fileReferences, mounts } from './mounts.ts';

/** The storage that a container can read and write. */
export const storageKeys = {
  volumes: key(
    mounts(),
    'Mounts: `"data:/var/lib/x"` for a named volume, `"./conf:/etc/x:ro"` for a directory, `"/cache"` for an anonymous volume.',
    'A writable mount that could hold data makes the service stop-first. The next container inherits anonymous volumes.',
  ),
  tmpfs: key(oneOrMore('a path or a list of paths'), 'Directories in memory: `"/run:size=64m"`.'),
  configs: key(
    fileReferences('Path in the container. Default: `/NAME`.'),
    'Configs as files in the container.',
    'Copied before the container starts, or mounted if the target is inside another mount: see [below](#configs-and-secrets).',
  ),
  secrets: key(
    fileReferences('Path in the container, or a name below `/run/secrets`. Default: `/run/secrets/NAME`.'),
    'Secrets as files in the container.',
    "As for configs, see [below](#configs-and-secrets). They are stored unencrypted on the engine's disk, but never appear in output, labels or records.",
  ),
  volumes_from: refusedKey(
    textSet(),
    'Mount the volumes of another container.',
    'Use the same volume in `volumes` of both services.',
  ),
  devices: key(devices(), 'Devices of the host: `"/dev/ttyUSB0:/dev/ttyUSB0"`.'),
  device_cgroup_rules: key(textSet('a list of rules'), 'Rules for devices: `"c 1:3 mr"`.'),
  read_only: key(flag(), "Make the container's own file system read-only."),
  shm_size: key(size(), 'Size of `/dev/shm`.'),
  storage_opt: key(mapOf(textOrNumber(), 'a map'), 'Options of the storage driver: `size: 20G`.'),
};
