import { posix } from 'node:path';
import type { Mount } from '../../model/mount.ts';
import { mountAt } from '../../model/mount.ts';

/** The target of a symbolic link in the image; undefined if the path is not a link. */
export type LinkAt = (path: string) => string | undefined;

/** The kernel's limit for links that lead to links. */
const MOST_LINKS = 40;

/**
 * Mounts with their real targets, in the order in which the engine mounts them. A mount hides the image's links at and
 * below its target.
 */
export function resolveMounts(mounts: readonly Mount[], linkAt: LinkAt): Mount[] {
  const resolved: Mount[] = [];
  for (const mount of mounts.toSorted((a, b) => depth(a.target) - depth(b.target)))
    resolved.push({ ...mount, target: resolvePath(mount.target, resolved, linkAt) });
  return resolved;
}

/** The path of a file after following the links in its directory. A link in place of the file is replaced. */
export const resolveFile = (target: string, mounts: readonly Mount[], linkAt: LinkAt): string =>
  posix.join(resolvePath(posix.dirname(target), mounts, linkAt), posix.basename(target));

/** Follows the image's links one by one. Does not look into mounts: inside one, the path stays as written. */
function resolvePath(path: string, mounts: readonly Mount[], linkAt: LinkAt): string {
  const left = partsOf(path);
  let done = '/';
  for (let links = 0; ; ) {
    const part = left.shift();
    if (part === undefined) return done;
    if (part === '..') {
      done = posix.dirname(done);
      continue;
    }
    const next = posix.join(done, part);
    const link = mountAt(mounts, next) === undefined && links < MOST_LINKS ? linkAt(next) : undefined;
    if (link === undefined) {
      done = next;
      continue;
    }
    links += 1;
    left.unshift(...partsOf(link));
    if (link.startsWith('/')) done = '/';
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
const depth = (path: string): number => partsOf(path).length;

/**
 * The symbolic links of an image that a path meets.
 *
 * @param resolve asks for the links it needs; it runs again until all of them are known
 * @param readLink reads one path of the image
 */
export async function readLinks(
  resolve: (linkAt: LinkAt) => unknown,
  readLink: (path: string) => Promise<string | undefined>,
): Promise<LinkAt> {
  const links = new Map<string, string | undefined>();
  for (;;) {
    const unknown = new Set<string>();
    resolve((path) => {
      if (!links.has(path)) unknown.add(path);
      return links.get(path);
    });
    if (unknown.size === 0) return (path) => links.get(path);
    await Promise.all([...unknown].map(async (path) => links.set(path, await readLink(path))));
  }
}
