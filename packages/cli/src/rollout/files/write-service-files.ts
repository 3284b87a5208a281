import { posix } from 'node:path';
import type { Engine } from '../../model/engine.ts';
import type { NewFile } from '../../model/engine-file.ts';
import { isBelow } from '../../model/mount.ts';
import type { ServiceFile } from '../../model/service.ts';
import type { User } from '../images/image-user.ts';
import type { PlacedFile } from './place-files.ts';
import type { ServiceFiles } from './service-files.ts';

const DEFAULT_MODE = 0o444;

/**
 * Copies the configs and secrets of a service into its container, which does not run yet, each with its owner and mode.
 * Existing directories keep theirs.
 */
export async function writeServiceFiles(
  engine: Engine,
  container: string,
  { placed, owner }: ServiceFiles,
): Promise<void> {
  const copied = placed.filter((one) => one.way === 'copy');
  const volumes = ownDirectories(placed);
  const byDirectory = Map.groupBy(copied, ({ path }) => posix.dirname(path));
  // One after the other, because two may share directories that do not exist yet.
  for (const [directory, files] of byDirectory) {
    const base = await existing(engine, container, directory, volumes);
    await engine.writeFiles(container, base, [
      ...missingBetween(base, directory),
      ...files.map(({ file, path }) => fileEntry(file, posix.relative(base, path), owner)),
    ]);
  }
}

/** Directories that are the container's own volumes. */
export const ownDirectories = (placed: readonly PlacedFile[]): string[] => [
  ...new Set(placed.flatMap((one) => (one.way === 'copy' ? (one.directory ?? []) : []))),
];

/** A config or a secret as an entry of the engine's archive. */
export const fileEntry = ({ content, mode, uid, gid }: ServiceFile, name: string, owner: User): NewFile => ({
  kind: 'file',
  name,
  content: Buffer.from(content, 'base64'),
  mode: mode ?? DEFAULT_MODE,
  uid: uid ?? owner.uid,
  gid: gid ?? owner.gid,
});

/** The deepest existing directory above the files. The root of a volume always exists. */
async function existing(
  engine: Engine,
  container: string,
  directory: string,
  volumes: readonly string[],
): Promise<string> {
  for (let path = directory; path !== '/'; path = posix.dirname(path)) {
    if (volumes.includes(path) || (await engine.statFile(container, path))?.kind === 'directory') return path;
  }
  return '/';
}

function missingBetween(base: string, directory: string): NewFile[] {
  const missing: NewFile[] = [];
  for (let path = directory; isBelow(path, base); path = posix.dirname(path))
    missing.unshift({ kind: 'directory', name: posix.relative(base, path), mode: 0o755, uid: 0, gid: 0 });
  return missing;
}
