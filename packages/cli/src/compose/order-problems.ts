import type { Problem } from './problem.ts';

/** Sorts problems: first those without a file, then by file and line. Files named by other files come last. */
export function inOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const known = [...new Set([undefined, ...files, ...problems.map(({ file }) => file)])];
  return problems.toSorted(
    (one, other) =>
      known.indexOf(one.file) - known.indexOf(other.file) ||
      (one.line ?? 0) - (other.line ?? 0) ||
      (one.column ?? 0) - (other.column ?? 0),
  );
}

/** Whether a problem may be a consequence of one already reported: one of the two is about a part of the other. */
export const mayFollow = ({ path }: Problem, told: readonly Problem[]): boolean =>
  told.some((other) => other.path !== '' && (isPartOf(path, other.path) || isPartOf(other.path, path)));

const isPartOf = (path: string, whole: string): boolean =>
  path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
