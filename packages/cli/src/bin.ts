#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from './model/errors.ts';
import { runProgram } from './program.ts';

const { version, engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
  engines: { node: string };
};
checkNode(engines.node);
// Compiling takes half of the time in which a command is loaded. Not in the directory for all users, which is the default:
// what others write there would be run.
module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lobbie'));
// What a dependency should no longer use is of no use to whoever types a command.
process.noDeprecation = true;
const CHANGING = new Set(['deploy', 'recreate', 'scale', 'down']);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
    user: `${nameOfUser()}@${hostname()}`,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: { now: Date.now, sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }) },
    onSignal: (callback) => {
      for (const signal of SIGNALS) process.on(signal, callback);
      return () => {
        for (const signal of SIGNALS) process.off(signal, callback);
      };
    },
    exit: (code) => process.exit(code),
    base: import.meta.url,
  },
  version,
);
// Sockets that are being closed would hold the process for nothing; what was written is flushed first.
process.stdout.write('', () => process.exit(status));

/** @param wanted such as `>=22.12` */
function checkNode(wanted: string): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [least = 0, leastMinor = 0] = wanted.replace('>=', '').split('.').map(Number);
  if (major > least || (major === least && minor >= leastMinor)) return;
  process.stderr.write(
    `x lobbie needs Node ${wanted.replace('>=', '')} or newer, and this is ${process.versions.node}.\n  -> Install a newer one: https://nodejs.org\n`,
  );
  process.exit(EXIT.invalidInput);
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
