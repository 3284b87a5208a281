import type { z } from 'zod/mini';
import { formatPath, type Locate, type Problem, problemAt } from '../problem.ts';
import { composeFile } from './compose-file.ts';
import { type Finding, findingsOf } from './findings-of.ts';
import { expectations } from './key-doc.ts';
import { originalPath, withStandIns } from './stand-ins.ts';

/** Nobody reads more; a file of megabytes that is wrong throughout is answered as fast as any. */
const MOST = 1000;

/**
 * Everything that is wrong with one Compose file, or several merged ones, in short and long forms alike: after
 * interpolation, before short forms are made long. Unknown keys are problems, but for those that begin with `x-`. In the order of the file where `locate` knows it.
 * What lobbie does not support is not among them: see `checkSupport`.
 */
export function checkFile(tree: unknown, locate: Locate = () => undefined): Problem[] {
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
  const problems = findings
    .slice(0, MOST)
    .map(({ path, message, hint }) => problemAt(locate, formatPath(originalPath(path)), message, hint))
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
  if (issues.length <= MOST && findings.length <= MOST) return problems;
  return [...problems, { path: '', message: `there are more problems than these ${MOST}` }];
}

const isObject = (schema: unknown): schema is z.ZodMiniObject =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
