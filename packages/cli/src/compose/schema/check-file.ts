import type { z } from 'zod/mini';
import { formatPath, type Locate, type Path, type Problem, problemAt } from '../problem.ts';
import { composeFile } from './compose-file.ts';
import { type Finding, findingsOf } from './findings-of.ts';
import { expectations } from './key-doc.ts';
import { originalPath, withStandIns } from './stand-ins.ts';

/** More would not help anybody. Even megabytes of invalid input are checked quickly. */
const MOST = 1000;

/** The problems of a file. */
export interface FileCheck {
  readonly problems: readonly Problem[];
  /** Values that Docker Compose reads, but that the engine refuses or that mean nothing. */
  readonly blockers: readonly Problem[];
  /** The places of the problems; empty if there are too many. */
  readonly wrong: readonly Path[];
}

/**
 * All problems of a Compose file, or of several merged ones, in short and long forms: after interpolation, before short
 * forms are expanded. Unknown keys are problems unless they begin with `x-`. In the order of the file if `locate` knows
 * it. Does not check what lobbie supports: see `checkSupport`.
 */
export function checkFile(tree: unknown, locate: Locate = () => undefined): FileCheck {
  const findings: Finding[] = [];
  // The keys of a map are known only during the check.
  const known = new Map<unknown, readonly string[]>();
  const { error } = composeFile.safeParse(withStandIns(tree), {
    reportInput: true,
    error: (issue) => {
      const schema = issue.inst;
      // Only schemas of zod/mini have expectations.
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
      problems: [...problems, { path: '', message: `there are more than ${MOST} problems` }],
      blockers,
      wrong: [],
    };
  const wrong = told.filter(({ blocks }) => blocks !== true).map(({ path }) => originalPath(path));
  return { problems, blockers, wrong };
}

const isObject = (schema: unknown): schema is z.ZodMiniObject =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
