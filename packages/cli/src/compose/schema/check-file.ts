import type { z } from 'zod/mini';
import { formatPath, type Locate, type Problem, problemAt } from '../problem.ts';
import { composeFile } from './compose-file.ts';
import { type Finding, findingsOf } from './findings-of.ts';
import { expectations } from './key-doc.ts';
import { originalPath, withStandIns } from './stand-ins.ts';

/**
 * Everything that is wrong with one Compose file as it is written: after interpolation, before short forms are made
 * long. Unknown keys are problems, but for those that begin with `x-`. In the order of the file where `locate` knows it.
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
  for (const issue of error?.issues ?? []) for (const finding of findingsOf(issue, [], known)) findings.push(finding);
  const problems = findings.map(({ path, message, hint }) =>
    problemAt(locate, formatPath(originalPath(path)), message, hint),
  );
  return problems.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
}

const isObject = (schema: unknown): schema is z.ZodMiniObject =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
