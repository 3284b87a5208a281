import { posix } from 'node:path';
import { LobbieError } from '../model/errors.ts';
import type { Mount } from '../model/mount.ts';
import type { Service, ServiceFile } from '../model/service.ts';

/** Where Compose puts secrets that say nothing else: memory on other platforms, a volume here. */
const SECRETS = '/run/secrets';

/**
 * Directories of a service's configs and secrets that have to be volumes of the container's own: nothing can be copied
 * into the file system of a read-only container, nor into memory before it runs; and what lies there in a volume goes
 * with the container. A directory within another one of them needs none.
 *
 * @throws LobbieError `INVALID_INPUT` for a file in `/` of a read-only container, for that cannot be a volume
 */
export function fileDirectories(service: Service): readonly string[] {
  const directories = new Set(
    service.files.filter((file) => needsVolume(service, file)).map(({ target }) => posix.dirname(target)),
  );
  return [...directories].filter((one) => ![...directories].some((other) => isBelow(one, other))).toSorted();
}

/** Whether a path lies below a directory, and is not it. */
export const isBelow = (path: string, directory: string): boolean =>
  path !== directory && path.startsWith(directory === '/' ? '/' : `${directory}/`);

function needsVolume(service: Service, file: ServiceFile): boolean {
  const directory = posix.dirname(file.target);
  const mount = mountAt(service.mounts, directory);
  // What another mount holds already can be written there.
  if (mount !== undefined && mount.kind !== 'tmpfs') return false;
  const secret = file.kind === 'secret' && (directory === SECRETS || isBelow(directory, SECRETS));
  if (!secret && service.settings.readOnly !== true && mount === undefined) return false;
  if (directory !== '/') return true;
  throw new LobbieError(
    'INVALID_INPUT',
    `services.${service.name}.${file.kind}s: ${file.name} has the target ${file.target}, and the container is read-only: nothing can be put into its root directory.`,
    { hint: `Give it a target in a directory of its own, such as /etc/${service.name}${file.target}.` },
  );
}

/** The mount that a path lies in: the innermost one. */
export const mountAt = (mounts: readonly Mount[], path: string): Mount | undefined =>
  mounts
    .filter(({ target }) => path === target || isBelow(path, target))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
