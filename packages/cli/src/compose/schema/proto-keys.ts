import type { Path } from '../problem.ts';

/** Paths of keys named `__proto__`: the one name that a plain object cannot be trusted to carry. */
export function protoKeys(tree: unknown): Path[] {
  const found: Path[] = [];
  const seen = new Set<object>();
  const open: { value: unknown; path: Path }[] = [{ value: tree, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Object.hasOwn(value, '__proto__')) found.push([...path, '__proto__']);
    for (const name of Object.keys(value)) {
      const child: unknown = Reflect.get(value, name);
      if (typeof child !== 'object' || child === null) continue;
      open.push({ value: child, path: [...path, Array.isArray(value) ? Number(name) : name] });
    }
  }
  return found;
}
