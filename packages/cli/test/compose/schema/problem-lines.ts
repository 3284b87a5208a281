import type { Problem } from '../../../src/compose/problem.ts';
import type { FileCheck } from '../../../src/compose/schema/check-file.ts';

/** Problems as text: path, message, and the hint in brackets. */
export const problemLines = (problems: readonly Problem[]): string[] =>
  problems.map(({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` [${hint}]`}`);

/** All problems of a file; the ones that only keep it from being deployed come last. */
export const fileLines = ({ problems, blockers }: FileCheck): string[] => problemLines([...problems, ...blockers]);
