import type { Problem } from '../problem.ts';
import type { FileCheck } from '../schema/check-file.ts';

/**
 * Gives problems of merged files their index and place in one of the files. Merging joins lists, so an index in the
 * merged list differs from the one in the file. A problem that is not in the file stays unchanged.
 *
 * @param alone checks the file by itself; called at most once
 */
export function exactPlaces(alone: () => FileCheck): (problem: Problem) => Problem {
  let own: Problem[] | undefined;
  return (problem) => {
    if (!problem.path.includes('[')) return problem;
    if (own === undefined) {
      const { problems, blockers } = alone();
      own = [...problems, ...blockers];
    }
    const at = own.findIndex((one) => one.message === problem.message && shape(one.path) === shape(problem.path));
    const [found = problem] = at === -1 ? [] : own.splice(at, 1);
    return found;
  };
}

const shape = (path: string): string => path.replace(/\[\d+\]/g, '[]');
