import type { Path } from '../problem.ts';

/** zod ignores this key. While a tree is checked, the stand-in replaces it: a name that nobody uses. */
const PASSED_OVER = '__proto__';
const STAND_IN = '__proto__.stands-in';

/** The tree with every key `__proto__` replaced; the same tree if there is none. */
export function withStandIns(tree: unknown): unknown {
  return mentions(tree) ? replaced(tree) : tree;
}

/** The original path for a path in a tree from {@link withStandIns}. */
export const originalPath = (path: Path): Path => path.map((part) => (part === STAND_IN ? PASSED_OVER : part));

function mentions(tree: unknown): boolean {
  const seen = new Set<object>();
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    if (Object.hasOwn(value, PASSED_OVER)) return true;
    seen.add(value);
    for (const child of Object.values(value)) if (typeof child === 'object') open.push(child);
  }
  return false;
}

// As deep as a file may be: a few hundred calls.
function replaced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name === PASSED_OVER ? STAND_IN : name, replaced(child)]),
  );
}
