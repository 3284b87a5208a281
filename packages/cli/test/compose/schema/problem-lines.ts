import type { Problem } from '../../../src/compose/problem.ts';

/** Problems as text: path, message, and the hint in brackets. */
export const problemLines = (problems: readonly Problem[]): string[] =>
  problems.map(({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` [${hint}]`}`);
