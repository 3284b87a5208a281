import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this clone. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const BIN = join(ROOT, 'node_modules', '.bin');

/** This process's environment with the repository's own programs first on the PATH, so that its Node runs its tools. */
export const toolEnvironment = () => {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, [key]: `${BIN}${separator}${process.env[key] ?? ''}` };
};

/** A Node that runs TypeScript: the repository's own, else this one if it is new enough; undefined if there is none. */
export function modernNode() {
  const own = join(BIN, process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18) ? process.execPath : undefined;
}

/**
 * Runs a program to its end and returns its exit status and the end of its output. `stdio` as in `spawn`. Piped output is
 * kept, and also shown if `show` is set.
 *
 * @param {string} program
 * @param {readonly string[]} argv
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, show?: boolean }} options
 * @returns {Promise<{ status: number, output: string }>}
 */
export function run(program, argv, { cwd = ROOT, env = toolEnvironment(), stdio, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      cwd,
      env,
      stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (stream) => (chunk) => {
      output = (output + chunk).slice(-65_536);
      if (show) stream.write(chunk);
    };
    child.stdout?.on('data', keep(process.stdout));
    child.stderr?.on('data', keep(process.stderr));
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (status, signal) => resolve({ status: status ?? (signal === 'SIGINT' ? 130 : 143), output }));
  });
}

/** Ends the first run with one sentence on what went wrong and one on what to do. */
export class FirstRunError extends Error {
  constructor(message, nextStep) {
    super(message);
    this.nextStep = nextStep;
  }
}

/** Prints one line for a phase: its name, its result, its seconds. While it runs, prints a line every 20 s. */
export async function phase(name, work) {
  const started = performance.now();
  const alive = setInterval(() => {
    process.stderr.write(`  ${name.padEnd(10)} still running, ${Math.round((performance.now() - started) / 1000)} s\n`);
  }, 20_000);
  const outcome = await work().finally(() => clearInterval(alive));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`  ${name.padEnd(10)} ${outcome.padEnd(58)} ${seconds.padStart(6)} s\n`);
}

/** Runs a script. Turns a FirstRunError into two lines on stderr and exit status 1. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof FirstRunError)) throw error;
    process.stderr.write(`\n${error.message}\n${error.nextStep}\n`);
    process.exitCode = 1;
  }
}

/** The last lines of a program's output, indented. */
export const lastLines = (output, count = 12) =>
  output
    .trim()
    .split('\n')
    .filter((line) => !/^npm (warn|notice)|^\s+at |^\s*$/i.test(line))
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
