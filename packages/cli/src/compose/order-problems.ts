import type { Problem } from './problem.ts';

/** Problems as one reads the files: what is about no file first, then file by file and line by line; files that others name come last. */
export function inOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const known = [...new Set([undefined, ...files, ...problems.map(({ file }) => file)])];
  return problems.toSorted(
    (one, other) =>
      known.indexOf(one.file) - known.indexOf(other.file) ||
      (one.line ?? 0) - (other.line ?? 0) ||
      (one.column ?? 0) - (other.column ?? 0),
  );
}

/** Whether a problem may only follow from one that has been told: one of the two is about a part of the other. */
export const mayFollow = ({ path }: Problem, told: readonly Problem[]): boolean =>
  told.some((other) => other.path !== '' && (isPartOf(path, other.path) || isPartOf(other.path, path)));

const isPartOf = (path: string, whole: string): boolean =>
  path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
