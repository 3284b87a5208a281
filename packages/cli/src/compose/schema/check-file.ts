import type { z } from 'zod/mini';
import { formatPath, type Locate, type Path, type Problem, problemAt } from '../problem.ts';
import { composeFile } from './compose-file.ts';
import { type Finding, findingsOf } from './findings-of.ts';
import { expectations } from './key-doc.ts';
import { originalPath, withStandIns } from './stand-ins.ts';

/** Nobody reads more; a file of megabytes that is wrong throughout is answered as fast as any. */
const MOST = 1000;

/** What is wrong with a file. */
export interface FileCheck {
  readonly problems: readonly Problem[];
  /** Docker Compose reads it, and the engine would refuse it or it means nothing. */
  readonly blockers: readonly Problem[];
  /** Where the problems are; empty where there are too many to say. */
  readonly wrong: readonly Path[];
}

/**
 * Everything that is wrong with one Compose file, or several merged ones, in short and long forms alike: after
 * interpolation, before short forms are made long. Unknown keys are problems, but for those that begin with `x-`. In the order of the file where `locate` knows it.
 * What lobbie does not support is not among them: see `checkSupport`.
 */
export function checkFile(tree: unknown, locate: Locate = () => undefined): FileCheck {
  const findings: Finding[] = [];
  // What a map may hold is known only while it is checked.
  const known = new Map<unknown, readonly string[]>();
  const { error } = composeFile.safeParse(withStandIns(tree), {
    reportInput: true,
    error: (issue) => {
      const schema = issue.inst;
      // Whatever says what it expects is a schema of zod/mini.
      const expectation = schema && 'type' in schema ? expectations.get(schema as z.ZodMiniType) : undefined;
      if (issue.code === 'unrecognized_keys' && isObject(schema)) known.set(issue.input, Object.keys(schema.def.shape));
      return expectation?.expected ?? 'something else';
    },
  });
  const issues = error?.issues ?? [];
  for (const issue of issues.slice(0, MOST))
    for (const finding of findingsOf(issue, [], known)) if (findings.push(finding) > MOST) break;
  const told = findings.slice(0, MOST);
  const problemsOf = (blocks: boolean): Problem[] =>
    told
      .filter((finding) => (finding.blocks === true) === blocks)
      .map(({ path, message, hint }) => problemAt(locate, formatPath(originalPath(path)), message, hint))
      .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
  const problems = problemsOf(false);
  const blockers = problemsOf(true);
  if (issues.length > MOST || findings.length > MOST)
    return {
      problems: [...problems, { path: '', message: `there are more problems than these ${MOST}` }],
      blockers,
      wrong: [],
    };
  const wrong = told.filter(({ blocks }) => blocks !== true).map(({ path }) => originalPath(path));
  return { problems, blockers, wrong };
}

const isObject = (schema: unknown): schema is z.ZodMiniObject =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
