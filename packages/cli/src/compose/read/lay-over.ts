import { LobbieError } from '../../model/errors.ts';
import { mayFollow } from '../order-problems.ts';
import { type Locate, type Path, type Problem, problemAt } from '../problem.ts';
import { checkFile, type FileCheck } from '../schema/check-file.ts';
import type { TreeMap } from '../tree.ts';
import { dropMarked } from './drop-marked.ts';
import { exactPlaces } from './exact-places.ts';
import { keepUnique } from './keep-unique.ts';
import { mergeTrees } from './merge-trees.ts';
import { toCanonical } from './to-canonical.ts';
import { withoutWrong } from './without-wrong.ts';

/** The result of merging a file over others. */
export interface Laid {
  /** In canonical form, without the parts that have problems. */
  readonly tree: TreeMap;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  /** Nothing is missing except where problems say so. */
  readonly whole: boolean;
}

/** How to merge a file over others. */
export interface Laying {
  /** Paths that the file removes from earlier files. */
  readonly dropped: readonly Path[];
  readonly locate: Locate;
  /** Checks the file alone, as written. */
  readonly alone: () => FileCheck;
  /** Paths of problems that are already reported. */
  readonly told: ReadonlySet<string>;
}

/**
 * Merges one more file over the tree. Like Docker Compose, checks the file together with those before it, because they
 * may complete it.
 */
export function layOver(tree: TreeMap, over: TreeMap, { dropped, locate, alone, told }: Laying): Laid {
  const problems: Problem[] = [];
  const placed = exactPlaces(alone);
  const report = (path: string, message: string) => void problems.push(problemAt(locate, path, message));
  try {
    const merged = keepUnique(mergeTrees(dropMarked(tree, dropped), over));
    const check = checkFile(merged, locate);
    problems.push(...check.problems.filter(({ path }) => !told.has(path)).map(placed));
    const blockers = check.blockers.map(placed);
    const sound = check.problems.length === 0 ? merged : withoutWrong(merged, check.wrong);
    const before = problems.length;
    const canonical = sound === undefined ? tree : keepUnique(toCanonical(sound, report));
    if (problems.length > before) return { tree, problems, blockers, whole: false };
    return { tree: canonical, problems, blockers, whole: sound !== undefined };
  } catch (error) {
    if (!(error instanceof LobbieError)) throw error;
    const clash = problemAt(locate, error.details[0] ?? '', error.message);
    const ownProblems = checkFile(over, locate).problems;
    // A part that is invalid by itself also conflicts with the other files. Only the cause is reported.
    problems.push(...(mayFollow(clash, ownProblems) ? [] : [clash]), ...ownProblems);
    return { tree, problems, blockers: [], whole: false };
  }
}
