import { homedir, hostname, userInfo } from 'node:os';
import { fillInNode20 } from './fill-in-node-20.ts';
import { EXIT } from './model/errors.ts';
import { runProgram } from './program.ts';
import { sleep } from './sleep.ts';

const CHANGING = new Set(['deploy', 'recreate', 'scale', 'down']);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the command that this process was started with, and ends the process with its exit status.
 *
 * @param version of this program
 * @param base URL of the bundle, with `assets/` and `demo/` beside it
 */
export async function main(version: string, base: string): Promise<void> {
  fillInNode20();
  // Deprecations in dependencies are not for the person who types a command.
  process.noDeprecation = true;

  // A reader that has seen enough (`lobbie logs | head`) is no failure. What changes something goes on to its end: a
  // deploy is not left half done for want of a reader.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!CHANGING.has(process.argv[2] ?? '')) process.exit(error.code === 'EPIPE' ? 0 : 1);
    });
  }

  const status = await runProgram(
    {
      argv: process.argv.slice(2),
      env: process.env,
      cwd: currentDirectory(),
      homeDirectory: homedir(),
      platform: process.platform,
      host: hostname(),
      user: `${nameOfUser()}@${hostname()}`,
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      clock: { now: Date.now, sleep },
      onSignal: (callback) => {
        for (const signal of SIGNALS) process.on(signal, callback);
        return () => {
          for (const signal of SIGNALS) process.off(signal, callback);
        };
      },
      exit: (code) => process.exit(code),
      base,
    },
    version,
  );
  // Sockets that are being closed would hold the process for nothing; what was written is flushed first.
  process.stdout.write('', () => process.exit(status));
}

/** A shell may stand in a directory that is gone. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write('x The current directory was removed.\n  -> Change to one that is there, and try again: cd\n');
    return process.exit(EXIT.invalidInput);
  }
}

/** A container may run as a user without a name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'user');
  }
}
