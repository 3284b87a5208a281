import { execFile } from 'node:child_process';
import { buildCommand } from './build-command.ts';
import { commonEnv, type RunOptions } from './run-lobbie.ts';

/** Whether a terminal can be had: `script` makes one, with these options on Linux alone. */
export const hasTerminal = process.platform === 'linux';

/** Keys that are typed once something has been written. */
interface Typed {
  readonly at: string;
  readonly keys: string;
}

/** Runs the built command on a terminal of 80 columns; gives all that it wrote there. */
export async function runOnTerminal(
  args: readonly string[],
  { env = {}, cwd }: RunOptions,
  typed?: Typed,
): Promise<{ exit: number; screen: string }> {
  const command = [process.execPath, await buildCommand(), ...args].map((word) => `'${word}'`).join(' ');
  return new Promise((resolve) => {
    const options = { cwd, env: { ...commonEnv(cwd), TERM: 'xterm-256color', SHELL: '/bin/sh', ...env } };
    const child = execFile('script', ['-qec', `stty cols 80 rows 24; ${command}`, '/dev/null'], options, (_, stdout) =>
      resolve({ exit: child.exitCode ?? -1, screen: stdout }),
    );
    if (typed === undefined) return child.stdin?.end();
    let seen = '';
    child.stdout?.on('data', (text) => {
      seen += text;
      if (seen.includes(typed.at)) child.stdin?.end(typed.keys);
    });
  });
}
