import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Build } from '../model/project.ts';
import { type ContextEntry, readBuildContext } from './build-context.ts';

/** Files at once: enough to keep the thread pool busy. */
const AT_ONCE = 32;
/** Larger files are streamed. */
const STREAMED_BYTES = 1024 * 1024;
const EXECUTABLE = 0o111;

/**
 * A hash (16 hex digits) of all that decides what a build makes: Dockerfile, args, target, platform, the ids of its
 * base images, and every file that is sent: path, content, whether it is executable, where a link points. No times:
 * a fresh checkout hashes like the last.
 */
export async function contextHash(build: Build, baseImageIds: readonly string[]): Promise<string> {
  const { directory, entries } = await readBuildContext(build.context, build.dockerfile);
  const hash = createHash('sha256');
  add(hash, 'dockerfile', build.dockerfile, build.target ?? '', build.platform ?? '');
  for (const name of Object.keys(build.args).sort()) add(hash, 'arg', name, build.args[name] ?? '');
  for (const id of [...baseImageIds].sort()) add(hash, 'base', id);

  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const digests = await Promise.all(entries.slice(at, at + AT_ONCE).map((entry) => digestOf(directory, entry)));
    for (const digest of digests) add(hash, ...digest);
  }
  return hash.digest('hex').slice(0, 16);
}

async function digestOf(directory: string, { path, kind }: ContextEntry): Promise<string[]> {
  const file = join(directory, path);
  if (kind === 'directory') return [kind, path];
  if (kind === 'link') return [kind, path, await readlink(file)];
  const { mode, size } = await lstat(file);
  const content = createHash('sha256');
  if (size > STREAMED_BYTES) await pipeline(createReadStream(file), content);
  else content.update(await readFile(file));
  return [kind, path, mode & EXECUTABLE ? 'x' : '-', content.digest('hex')];
}

/** Lengths go first, so that no two lists of fields hash alike. */
function add(hash: Hash, ...fields: string[]): void {
  for (const field of fields) hash.update(`${Buffer.byteLength(field)}:${field}`);
  hash.update('\n');
}
