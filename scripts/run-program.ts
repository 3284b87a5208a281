import { spawn } from 'node:child_process';
import { lastLines } from '../packages/cli/src/model/last-lines.ts';
import { SetupError } from './setup-error.ts';

/** Runs a program to its end and returns its stdout. Throws a SetupError with its last lines if it fails. */
export function runProgram(
  program: string,
  argv: readonly string[],
  options: { readonly cwd?: string; readonly nextStep: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd ? { cwd: options.cwd } : {}),
    });
    let stdout = '';
    let last = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      last = (last + chunk).slice(-2048);
    });
    const fail = (reason: string) => {
      const lines = lastLines(last || stdout, 5);
      reject(
        new SetupError(`${program} ${reason}.\n${lines.map((line) => `    ${line}`).join('\n')}`, options.nextStep),
      );
    };
    child.on('error', (error) => fail(`could not be run: ${error.message}`));
    child.on('close', (status, signal) => {
      if (status === 0) resolve(stdout);
      else fail(`ended with ${signal ?? `status ${status}`}`);
    });
  });
}
