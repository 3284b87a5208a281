import { mountFault } from './formats.ts';
import {
  anything,
  flag,
  listOf,
  mapOf,
  mapWith,
  number,
  oneOf,
  pairs,
  size,
  text,
  textOrNumber,
  word,
} from './forms.ts';
import { ignoredKey, key, refusedKey, requiredKey } from './key-doc.ts';
import { spelt } from './spelt.ts';

const bind = () =>
  mapWith({
    create_host_path: key(flag(), 'Create the directory on the host if it is missing.'),
    propagation: key(text(), '`rprivate`, `rshared`, `rslave`, …'),
    selinux: key(word('z', 'Z'), '`z` for content shared between containers, `Z` for content of one container.'),
    recursive: ignoredKey(
      word('enabled', 'disabled', 'writable', 'readonly'),
      'Whether mounts below the directory are included.',
      "the engine's default applies",
    ),
  });

const volume = () =>
  mapWith({
    nocopy: key(flag(), "Do not copy the image's files into an empty volume."),
    subpath: key(text(), 'Directory in the volume.'),
    labels: ignoredKey(pairs(), 'Labels of an anonymous volume.', 'anonymous volumes get no labels'),
  });

/** Mounts of host paths, volumes and memory in a container. */
export const mounts = () =>
  listOf(
    oneOf(
      '"SOURCE:TARGET" or a map',
      spelt('a mount "SOURCE:TARGET"', mountFault),
      mapWith({
        type: requiredKey(
          word('bind', 'volume', 'tmpfs', 'image', 'npipe', 'cluster'),
          'Type of the mount: `bind`, `volume` or `tmpfs`. Other types are not supported.',
        ),
        source: key(text(), 'Path on the host, or name of a volume.'),
        target: requiredKey(text(), 'Path in the container.'),
        read_only: key(flag(), 'Make the mount read-only.'),
        bind: key(bind(), 'Options of a `bind`.'),
        volume: key(volume(), 'Options of a `volume`.'),
        tmpfs: key(
          mapWith({ size: key(size(), 'Size.'), mode: key(number(), 'Permissions, in octal.') }),
          'Options of a `tmpfs`.',
        ),
        image: refusedKey(
          mapOf(anything(), 'a map'),
          'Options of an `image`.',
          'Copy the files with `COPY --from` in a Dockerfile.',
        ),
        consistency: key(text(), 'For Docker Desktop on macOS (obsolete).', 'Not used.'),
      }),
    ),
    'a list of mounts',
  );

/** How a service uses a secret or a config. */
export const fileReferences = (place: string) =>
  listOf(
    oneOf(
      'a name or a map',
      text(),
      mapWith({
        source: key(text(), 'Its name at the top of the file.'),
        target: key(text(), place),
        uid: key(text(), 'Owner, as text: `"1000"`. Default: the user that the container runs as.'),
        gid: key(text(), 'Group, as text. Default: the group that the container runs as.'),
        mode: key(textOrNumber('permissions such as 0440'), 'Permissions, in octal. Default: `0444`.'),
      }),
    ),
    'a list of names or maps',
  );

/** Devices of the host. */
export const devices = () =>
  listOf(
    oneOf(
      '"SOURCE:TARGET" or a map',
      spelt('a device "SOURCE:TARGET"', (value) =>
        value.split(':').length > 3 ? 'it has too many colons' : undefined,
      ),
      mapWith({
        source: requiredKey(text(), 'Path on the host.'),
        target: requiredKey(text(), 'Path in the container.'),
        permissions: key(text(), '`r`, `w` and `m`.'),
      }),
    ),
    'a list of devices',
  );
