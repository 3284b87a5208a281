import { homedir, hostname, userInfo } from 'node:os';
import { EXIT } from './exit-status.ts';
import { fillInNode20 } from './fill-in-node-20.ts';
import { createSecretMask } from './model/secret-mask.ts';
import type { ProcessIo } from './process-io.ts';
import { runProgram } from './program.ts';
import { realClock } from './real-clock.ts';
import { reportCrash } from './report-crash.ts';

const CHANGING = new Set(['deploy', 'recreate', 'scale', 'down']);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the command line of this process, and ends the process with its exit status.
 *
 * @param version of this program
 * @param base URL of the bundle; `assets/` and `demo/` are beside it
 */
export async function main({ version, bugsUrl }: { version: string; bugsUrl: string }, base: string): Promise<void> {
  fillInNode20();
  // Deprecations in dependencies do not concern the user.
  process.noDeprecation = true;

  // A reader that closes early (`lobbie logs | head`) is not a failure. A command that changes something still runs to
  // its end: a missing reader must not leave a deploy half done.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!CHANGING.has(process.argv[2] ?? '')) process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.bug);
    });
  }

  const io: ProcessIo = {
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
    clock: realClock,
    secrets: createSecretMask(),
    onSignal: (callback) => {
      for (const signal of SIGNALS) process.on(signal, callback);
      return () => {
        for (const signal of SIGNALS) process.off(signal, callback);
      };
    },
    exit: (code) => process.exit(code),
    base,
    bugsUrl,
  };
  // Errors that no command could catch, such as in a callback. Only the first one is reported.
  let hasCrashed = false;
  process.on('uncaughtException', (error) => {
    if (!hasCrashed) void reportCrash(error, io);
    hasCrashed = true;
  });
  const status = await runProgram(io, version);
  // Sockets that are still closing would delay the exit. Flushes the output first.
  process.stdout.write('', () => process.exit(status));
}

/** The shell's current directory may have been removed. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write('x The current directory was removed.\n  -> Change to another directory and try again: cd\n');
    return process.exit(EXIT.invalidInput);
  }
}

/** In a container, the user may have no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'user');
  }
}
