import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import dockerignore from '@balena/dockerignore';
import { pack } from 'tar-fs';
import { LobbieError } from '../model/errors.ts';
import { type BuildSource, readDockerfile } from './read-dockerfile.ts';

/**
 * The part of a build's context that is sent: sorted paths relative to it, with `/`. Includes the directories above
 * each file.
 */
export interface BuildContext {
  readonly directory: string;
  readonly entries: readonly ContextEntry[];
  /** Path of the Dockerfile in the archive. */
  readonly dockerfile: string;
  /** Its text, if it is not a file of the context. It is then sent under a name that no file there has. */
  readonly dockerfileText?: string;
}

export interface ContextEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
}

/**
 * Lists what a build sends, following `<Dockerfile>.dockerignore` or else `.dockerignore`. The Dockerfile is sent even
 * if it is ignored, because the engine has no other copy. Sockets, pipes and devices are not sent. `INVALID_INPUT` if
 * the context or the Dockerfile is missing.
 */
export async function readBuildContext(source: BuildSource): Promise<BuildContext> {
  const { context: directory, dockerfileInline } = source;
  await mustBeDirectory(directory);
  const dockerfile = posix.normalize(relative(directory, resolve(directory, source.dockerfile)).split(sep).join('/'));
  const within = !dockerfile.startsWith('../') && !isAbsolute(dockerfile);
  if (dockerfileInline === undefined && within) await mustBeDockerfile(directory, dockerfile);
  const text = dockerfileInline ?? (within ? undefined : await readDockerfile(source));
  const ignore = await readIgnore(directory, dockerfileInline === undefined ? dockerfile : undefined, within);
  const entries: ContextEntry[] = [];

  const walk = async (below: string): Promise<boolean> => {
    let sentAny = false;
    const found = await readdir(join(directory, below), { withFileTypes: true });
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const kind = kindOf(entry);
      if (!kind) continue;
      if (kind !== 'directory') {
        if (!ignore.sends(path)) continue;
        entries.push({ path, kind });
        sentAny = true;
        continue;
      }
      const sent = ignore.sends(path);
      if (!sent && !ignore.maySendBelow(path)) continue;
      const at = entries.length;
      const sentBelow = await walk(path);
      if (!sent && !sentBelow) continue;
      entries.splice(at, 0, { path, kind });
      sentAny = true;
    }
    return sentAny;
  };
  await walk('');
  if (text === undefined) return { directory, entries, dockerfile };
  return { directory, entries, dockerfile: freeName(entries), dockerfileText: text };
}

/** A name for the Dockerfile that no entry has. The same entries give the same name. */
function freeName(entries: readonly ContextEntry[]): string {
  const taken = new Set(entries.map(({ path }) => path));
  let name = '.lobbie.Dockerfile';
  while (taken.has(name)) name += '_';
  return name;
}

/** The context as a tar stream, owned by root as with the docker CLI. */
export function packBuildContext({ directory, entries, dockerfile, dockerfileText }: BuildContext): Readable {
  const sent = new Set(entries.map(({ path }) => path));
  return pack(directory, {
    ignore: (name) => {
      const path = name.slice(directory.length).replaceAll('\\', '/').replace(/^\/+/, '');
      return path !== '' && !sent.has(path);
    },
    map: (header) => ({ ...header, uid: 0, gid: 0 }),
    ...(dockerfileText !== undefined && {
      finalize: false,
      finish: (tar) => {
        tar.entry({ name: dockerfile }, dockerfileText);
        tar.finalize();
      },
    }),
  });
}

interface Ignore {
  sends(path: string): boolean;
  /** Whether an exception (`!…`) can match below a directory that is itself ignored. */
  maySendBelow(directory: string): boolean;
}

/**
 * @param dockerfile undefined if it is not a file
 * @param sent whether it is a file of the context
 */
async function readIgnore(directory: string, dockerfile: string | undefined, sent: boolean): Promise<Ignore> {
  const own = dockerfile === undefined ? undefined : `${dockerfile}.dockerignore`;
  const name = own !== undefined && (await isFile(join(directory, own))) ? own : '.dockerignore';
  const text = await readFile(join(directory, name), 'utf8').catch(() => undefined);
  if (text === undefined) return { sends: () => true, maySendBelow: () => true };
  const always = sent ? dockerfile : undefined;
  // Its types describe an ES module, which it is not. So it needs the second `default`.
  const rules = dockerignore.default({ ignorecase: false }).add(text);
  const exceptions = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('!'))
    .map((line) =>
      literalStart(
        line
          .slice(1)
          .trim()
          .replace(/^\.?\//, ''),
      ),
    );
  const wanted = always === undefined ? exceptions : [...exceptions, always];
  return {
    sends: (path) => path === always || !rules.ignores(path),
    maySendBelow: (path) => wanted.some((start) => start.startsWith(`${path}/`) || `${path}/`.startsWith(start)),
  };
}

/** The part of a pattern before its first wildcard. */
const literalStart = (pattern: string): string => /^[^*?[\\]*/.exec(pattern)?.[0] ?? '';

function kindOf(entry: Dirent): ContextEntry['kind'] | undefined {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : undefined;
}

async function mustBeDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new LobbieError(
    'INVALID_INPUT',
    `The build context ${directory} ${found ? 'is not a directory' : 'does not exist'}.`,
  );
}

async function mustBeDockerfile(directory: string, dockerfile: string): Promise<void> {
  if (await isFile(join(directory, dockerfile))) return;
  throw new LobbieError('INVALID_INPUT', `There is no Dockerfile at ${join(directory, dockerfile)}.`);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
