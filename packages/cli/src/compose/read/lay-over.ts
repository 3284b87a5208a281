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

/** Files laid over each other. */
export interface Laid {
  /** In canonical form, without what is wrong. */
  readonly tree: TreeMap;
  readonly problems: readonly Problem[];
  readonly blockers: readonly Problem[];
  /** Nothing is missing but what the problems name. */
  readonly whole: boolean;
}

/** How a file is laid over others. */
export interface Laying {
  /** What the file drops of those before it. */
  readonly dropped: readonly Path[];
  readonly locate: Locate;
  /** Checks the file alone, as it is written. */
  readonly alone: () => FileCheck;
  /** Paths of problems that are known already. */
  readonly told: ReadonlySet<string>;
}

/**
 * The tree with one more file over it. A file is judged together with those before it, as in Docker Compose: what it
 * leaves empty they may say.
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
    // What is wrong by itself fits no other file, either: that would only follow from it.
    problems.push(...(mayFollow(clash, ownProblems) ? [] : [clash]), ...ownProblems);
    return { tree, problems, blockers: [], whole: false };
  }
}
