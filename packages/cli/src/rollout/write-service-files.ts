import { posix } from 'node:path';
import type { Engine } from '../model/engine.ts';
import type { NewFile } from '../model/engine-file.ts';
import type { Service, ServiceFile } from '../model/service.ts';
import { fileDirectories, isBelow } from './file-directories.ts';

/**
 * Copies a service's configs and secrets into its container, which does not run yet, each with its owner and mode. A
 * directory that is there keeps its own.
 */
export async function writeServiceFiles(engine: Engine, container: string, service: Service): Promise<void> {
  const volumes = fileDirectories(service);
  const byDirectory = Map.groupBy(service.files, ({ target }) => posix.dirname(target));
  // One after the other: two may share directories that are still missing.
  for (const [directory, files] of byDirectory) {
    const base = await existing(engine, container, directory, volumes);
    await engine.writeFiles(container, base, [
      ...missingBetween(base, directory),
      ...files.map((file) => entryOf(file, base)),
    ]);
  }
}

/** The deepest directory above the files that is there. The root of a volume always is. */
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

const entryOf = ({ target, content, mode, uid, gid }: ServiceFile, base: string): NewFile => ({
  kind: 'file',
  name: posix.relative(base, target),
  content: Buffer.from(content, 'base64'),
  mode,
  uid,
  gid,
});
