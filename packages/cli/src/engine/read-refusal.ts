import type { PathProblem, Refusal, RefusalReason } from '../model/error-facts.ts';

const REASONS: readonly (readonly [words: RegExp, reason: RefusalReason])[] = [
  [/bind source path does not exist/i, 'bind-source-missing'],
  [/driver does not support reading/i, 'log-not-stored'],
  [/\bis ambiguous\b/i, 'name-ambiguous'],
  [/removal of container .* is already in progress/i, 'removal-in-progress'],
];

const PATH_PROBLEMS: readonly (readonly [words: RegExp, problem: PathProblem])[] = [
  [/read-only file system/i, 'read-only'],
  [/not a directory|onto a file|is a directory/i, 'other-kind'],
  [/source path does not exist|no such file or directory/i, 'missing'],
];

/** Absolute paths: in quotation marks of any kind, one word, or the rest of a line. */
const PATH =
  /(?<=path does not exist: )(\/[^\n]+)|"(\/[^"\n]*)"|'(\/[^'\n]*)'|`(\/[^`\n]*)`|(?<![\w./:"'`-])(\/[^\s"'`:,;]+)/g;

/**
 * Reads facts from an engine's message. Only this function does; all other code uses the facts.
 *
 * @param why lobbie's sentence for the message
 */
export function readRefusal(words: string, { why, isLasting }: Pick<Refusal, 'why' | 'isLasting'>): Refusal {
  const reason = REASONS.find(([pattern]) => pattern.test(words))?.[1];
  const pathProblem = PATH_PROBLEMS.find(([pattern]) => pattern.test(words))?.[1];
  const paths = [...words.replaceAll('\\"', '"').matchAll(PATH)].map((match) => match.slice(1).find(Boolean) ?? '');
  return {
    why,
    isLasting,
    paths: [...new Set(paths.map((path) => path.replace(/\.$/, '')))],
    ...(reason !== undefined && { reason }),
    ...(pathProblem !== undefined && { pathProblem }),
  };
}
