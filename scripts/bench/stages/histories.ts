import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import type { Stage } from '../scenario.ts';

/** Directories of the history. */
export interface Histories {
  /** With as many entries as the size says. */
  readonly history: string;
  /** With a thousand. */
  readonly small: string;
}

const SMALL = 1000;
const AT_ONCE = 64;

export const histories: Stage<Histories> = {
  name: 'a history',
  prepare: async (bench, size) => ({
    history: await makeHistory(bench, 'history', size),
    small: await makeHistory(bench, 'small-history', SMALL),
  }),
};

/** As the API writes them. */
async function makeHistory({ directory, defer, signal }: Bench, name: string, count: number): Promise<string> {
  const history = join(directory, name);
  defer(() => rm(history, { recursive: true, force: true }));
  await mkdir(history);
  const entry = `${JSON.stringify({ container: null, host: 'bench', madeAt: '2026-01-01T00:00:00.000Z' })}\n`;
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      signal.throwIfAborted();
      const number = next++;
      await writeFile(join(history, `include-me-${String(number).padStart(21, '0')}.txt`), entry);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
  return history;
}
