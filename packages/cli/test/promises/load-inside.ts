import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Load, LoadOptions, LoadResult } from '../load.ts';

/**
 * Puts load on a URL that can be reached only inside an engine's network namespace. Resolves at the first answer.
 *
 * @param inside wraps a command line so that it runs there
 */
export async function startLoadInside(
  inside: (argv: readonly string[]) => readonly string[],
  options: LoadOptions,
): Promise<Omit<Load, 'answered'>> {
  const child = fileURLToPath(new URL('load-child.ts', import.meta.url));
  const [program = '', ...argv] = inside([process.execPath, child, JSON.stringify(options)]);
  const loading = spawn(program, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: loading.stdout });
  const ended = once(loading, 'exit').then(([status]) => {
    throw new Error(`the load ended with status ${status}`);
  });
  ended.catch(() => undefined);
  const nextLine = async (): Promise<string> => String((await Promise.race([once(lines, 'line'), ended]))[0]);
  await nextLine();
  return {
    pass: async (requests) => {
      loading.stdin.write(`${requests}\n`);
      await nextLine();
    },
    stop: async () => {
      loading.stdin.end();
      // The cast: it is written by `load-child.ts`.
      return JSON.parse(await nextLine()) as LoadResult;
    },
  };
}
