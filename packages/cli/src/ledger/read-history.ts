import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/mini';
import type { Engine } from '../model/engine.ts';
import type { Keeper } from './keeper.ts';

/** One entry of the history directory: what a container of the API wrote of itself. */
export interface HistoryEntry {
  readonly file: string;
  /** Full id of the container, where it could tell. */
  readonly container: string | null;
  readonly host: string;
  readonly madeAtMs: number;
}

const PATTERN = /^include-me-[A-Za-z0-9]+\.txt$/;
const content = z.object({ container: z.nullable(z.string()), host: z.string(), madeAt: z.string() });

/** Reads the history directory through the keeper; in no order. What is no entry is left out, as the API does. */
export async function readHistory(engine: Engine, keeper: Keeper): Promise<HistoryEntry[]> {
  if (keeper.history === undefined) return [];
  const entries: HistoryEntry[] = [];
  for await (const entry of engine.readFiles(keeper.id, keeper.history)) {
    if (entry.kind !== 'file' || !PATTERN.test(entry.name)) continue;
    entries.push({ file: entry.name, ...describe(entry.content.toString('utf8'), entry.modifiedAtMs) });
  }
  return entries;
}

/** The same for a history on this machine, where no keeper knows it; empty when there is none. */
export async function readLocalHistory(directory: string): Promise<HistoryEntry[]> {
  const names = await readdir(directory).catch(() => []);
  return Promise.all(
    names
      .filter((name) => PATTERN.test(name))
      .map(async (name) => {
        const path = join(directory, name);
        const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8').catch(() => ''), stat(path)]);
        return { file: name, ...describe(text, mtimeMs) };
      }),
  );
}

function describe(text: string, modifiedAtMs: number): Omit<HistoryEntry, 'file'> {
  try {
    const { container, host, madeAt } = content.parse(JSON.parse(text));
    return { container, host, madeAtMs: Date.parse(madeAt) };
  } catch {
    // A file someone put there by hand is listed by the API too.
    return { container: null, host: '', madeAtMs: modifiedAtMs };
  }
}
