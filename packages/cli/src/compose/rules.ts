/** Rules for places of a tree: one level of patterns such as `services.*.ports.[].target`. */
export interface Rules<T> {
  readonly rule?: T;
  readonly below?: ReadonlyMap<string, Rules<T>>;
}

/** Rules by pattern: `*` is any key, `[]` any item of a list. */
export function compileRules<T>(patterns: Readonly<Record<string, T>>): Rules<T> {
  interface Level {
    rule?: T;
    below?: Map<string, Level>;
  }
  const top: Level = {};
  for (const [pattern, rule] of Object.entries(patterns)) {
    let level = top;
    for (const part of pattern.split('.')) {
      level.below ??= new Map();
      const next = level.below.get(part) ?? {};
      level.below.set(part, next);
      level = next;
    }
    level.rule = rule;
  }
  return top;
}

/** The rules below a key or below list items; undefined if there are none. */
export const rulesBelow = <T>(rules: Rules<T> | undefined, part: string): Rules<T> | undefined =>
  rules?.below?.get(part) ?? rules?.below?.get('*');
