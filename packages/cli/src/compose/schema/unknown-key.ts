import leven from 'leven';
import type { Path } from '../problem.ts';

/** Where a misplaced key belongs. */
const ELSEWHERE = new Map<string, string>([
  ...['replicas', 'resources', 'update_config', 'rollback_config', 'restart_policy', 'placement', 'endpoint_mode'].map(
    (name) => [name, 'deploy'] as const,
  ),
  ...['context', 'dockerfile', 'dockerfile_inline', 'args', 'target'].map((name) => [name, 'build'] as const),
  ...['interval', 'timeout', 'retries', 'start_period', 'start_interval', 'test'].map(
    (name) => [name, 'healthcheck'] as const,
  ),
]);

/**
 * Says that a key is unknown, and which known key was probably meant.
 *
 * @param path of the map that contains it
 * @param known the keys of that map
 */
export function unknownKey(
  name: string,
  value: unknown,
  path: Path,
  known: readonly string[],
): { readonly message: string; readonly hint?: string } {
  const meant = nearest(name, known);
  if (meant !== undefined) return { message: `unknown key; did you mean "${meant}"?` };
  const home = path[0] === 'services' && path.length === 2 ? ELSEWHERE.get(name) : undefined;
  if (home !== undefined) return { message: `unknown key; it belongs under "${home}"` };
  if (path.length === 0 && isService(value)) return { message: 'unknown key; a service belongs under "services"' };
  return { message: 'unknown key', hint: `Begin your own keys with "x-".` };
}

/** The known name that a misspelt one most likely means. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > 40) return undefined;
  const written = plain(name);
  // If half of a word differs, it is another word.
  let best: string | undefined;
  let least = Math.min(4, Math.floor(written.length / 3) + 1);
  for (const candidate of known) {
    if (Math.abs(candidate.length - written.length) >= least) continue;
    const distance = isTurned(written, plain(candidate)) ? 1 : leven(written, plain(candidate), { maxDistance: least });
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Two neighbouring letters are swapped: `prots`. */
function isTurned(name: string, other: string): boolean {
  if (name.length !== other.length) return false;
  const at = [...name].findIndex((letter, index) => letter !== other[index]);
  return (
    at !== -1 && name[at] === other[at + 1] && name[at + 1] === other[at] && name.slice(at + 2) === other.slice(at + 2)
  );
}

/** `dependsOn`, `depends-on` and `Depends_On` differ from `depends_on` only in spelling. */
const plain = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();

const isService = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Object.hasOwn(value, 'image') || Object.hasOwn(value, 'build'));
