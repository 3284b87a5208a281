import { matchPhrase } from './match-phrase.ts';

/** The messages of runtimes about a program that is not in an image: runc, older versions of runc, then crun. */
export const NO_PROGRAM: readonly string[] = [
  'exec: "*": executable file not found',
  'exec: "*": stat *: no such file',
  'executable file `*` not found',
];
/** The messages of shells about a missing program: dash, bash and BusyBox. */
const NO_PROGRAM_OF_SHELL = /(?:^|: )([\w.+/-]+): (?:command )?not found\s*$/im;

/**
 * The program that could not be run in a container because the image does not have it; undefined if the output or the
 * exit code shows another reason.
 *
 * @param exitCode 126 and 127 mean that something could not be run
 */
export function missingProgram(exitCode: number, words: string): string | undefined {
  if (exitCode !== 126 && exitCode !== 127) return undefined;
  const [match] = NO_PROGRAM.flatMap((phrase) => matchPhrase(words.replaceAll('\\"', '"'), phrase) ?? []);
  return match?.named ?? NO_PROGRAM_OF_SHELL.exec(words)?.[1];
}
