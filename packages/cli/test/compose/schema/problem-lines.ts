import type { Problem } from '../../../src/compose/problem.ts';
import type { FileCheck } from '../../../src/compose/schema/check-file.ts';

/** Problems as text: path, message, and the hint in brackets. */
export const problemLines = (problems: readonly Problem[]): string[] =>
  problems.map(({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` [${hint}]`}`);

/** All that is wrong with a file, what only keeps it from being deployed last. */
export const fileLines = ({ problems, blockers }: FileCheck): string[] => problemLines([...problems, ...blockers]);
