/** One place where two values differ; `undefined` means absent. */
export interface PathDifference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** The places where two JSON values differ, as deep as possible: `services.api.ports[0].published`. */
export function pathDifferences(expected: unknown, actual: unknown, path = ''): PathDifference[] {
  if (Object.is(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      pathDifferences(expected[index], actual[index], `${path}[${index}]`),
    ).flat();
  }
  if (isRecord(expected) && isRecord(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => pathDifferences(expected[key], actual[key], path === '' ? key : `${path}.${key}`));
  }
  return [{ path, expected, actual }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
