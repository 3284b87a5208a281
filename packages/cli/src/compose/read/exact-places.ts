import type { Problem } from '../problem.ts';
import type { FileCheck } from '../schema/check-file.ts';

/**
 * Gives problems of merged files the index and the place that they have in one of the files: lists are joined, so an
 * index of the merged list is another one in the file. A problem that the file does not have stays as it is.
 *
 * @param alone checks the file by itself, at most once
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
