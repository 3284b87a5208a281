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
    create_host_path: key(flag(), 'Make the directory on the host where it is missing.'),
    propagation: key(text(), '`rprivate`, `rshared`, `rslave`, …'),
    selinux: key(word('z', 'Z'), '`z` for content that is shared between containers, `Z` for one container.'),
    recursive: ignoredKey(
      word('enabled', 'disabled', 'writable', 'readonly'),
      'What happens to mounts below the directory.',
      'mounts below the directory are treated as the engine does by default',
    ),
  });

const volume = () =>
  mapWith({
    nocopy: key(flag(), 'Leave an empty volume empty, whatever the image has there.'),
    subpath: key(text(), 'Directory in the volume.'),
    labels: ignoredKey(pairs(), 'Labels of an anonymous volume.', 'anonymous volumes get no labels'),
  });

/** What a container sees of the host, of volumes and of memory. */
export const mounts = () =>
  listOf(
    oneOf(
      '"SOURCE:TARGET" or a map',
      spelt('a mount "SOURCE:TARGET"', mountFault),
      mapWith({
        type: requiredKey(
          word('bind', 'volume', 'tmpfs', 'image', 'npipe', 'cluster'),
          'What is mounted: `bind`, `volume` or `tmpfs`; the others are not supported.',
        ),
        source: key(text(), 'Path on the host, or name of a volume.'),
        target: requiredKey(text(), 'Path in the container.'),
        read_only: key(flag(), 'Whether the container may not write.'),
        bind: key(bind(), 'Options of a `bind`.'),
        volume: key(volume(), 'Options of a `volume`.'),
        tmpfs: key(
          mapWith({ size: key(size(), 'How big.'), mode: key(number(), 'Permissions, in octal.') }),
          'Options of a `tmpfs`.',
        ),
        image: refusedKey(
          mapOf(anything(), 'a map'),
          'Options of an `image`.',
          'Copy the files with `COPY --from` in a Dockerfile.',
        ),
        consistency: key(text(), 'Of Docker Desktop on macOS, long ago.', 'Not used.'),
      }),
    ),
    'a list of mounts',
  );

/** Use of a secret or a config by a service. */
export const fileReferences = (place: string) =>
  listOf(
    oneOf(
      'a name or a map',
      text(),
      mapWith({
        source: key(text(), 'Its name at the top of the file.'),
        target: key(text(), place),
        uid: key(text(), 'Owner, as text: `"1000"`. Unsaid: the user that the container runs as.'),
        gid: key(text(), 'Group, as text. Unsaid: the group that the container runs as.'),
        mode: key(textOrNumber('permissions such as 0440'), 'Permissions, in octal. Unsaid: `0444`.'),
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
