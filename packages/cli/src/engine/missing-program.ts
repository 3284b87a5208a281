/** A program that a runtime looked for in an image: runc and its elders, then crun. */
export const NO_PROGRAM =
  /exec: \\?"([^"\\]+)\\?": (?:executable file not found|stat \S+: no such file)|executable file `([^`]+)` not found/i;
/** What shells say of a program: dash, bash and BusyBox. */
const NO_PROGRAM_OF_SHELL = /(?:^|: )([\w.+/-]+): (?:command )?not found\s*$/im;

/**
 * The program that could not be run in a container, for its image does not have it; undefined where the words or the
 * exit code say something else.
 *
 * @param exitCode 126 and 127 say that something could not be run
 */
export function missingProgram(exitCode: number, words: string): string | undefined {
  if (exitCode !== 126 && exitCode !== 127) return undefined;
  const [, runc, crun] = NO_PROGRAM.exec(words) ?? [];
  return runc ?? crun ?? NO_PROGRAM_OF_SHELL.exec(words)?.[1];
}
