import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/mini';
import type { Engine } from '../model/engine.ts';
import type { Keeper } from './keeper.ts';

/** One entry of the history directory, written by a container of the API about itself. */
export interface HistoryEntry {
  readonly file: string;
  /** Full id of the container, if it knew it. */
  readonly container: string | null;
  readonly host: string;
  readonly madeAtMs: number;
}

/** The name of an entry; see `packages/api`. */
export const HISTORY_ENTRY = /^include-me-[A-Za-z0-9]+\.txt$/;
/** An entry is one line of JSON with a container's id and host name: a few hundred bytes. */
const MOST_BYTES = 64 * 1024;
const content = z.object({ container: z.nullable(z.string()), host: z.string(), madeAt: z.string() });

/**
 * Reads the history directory through the keeper, in no particular order. Skips files that are not entries, as the API
 * does.
 */
export async function readHistory(engine: Engine, keeper: Keeper): Promise<HistoryEntry[]> {
  if (keeper.history === undefined) return [];
  const entries: HistoryEntry[] = [];
  const limits = { mostBytes: MOST_BYTES, wanted: (name: string) => HISTORY_ENTRY.test(name) };
  for await (const { kind, name, content, modifiedAtMs } of engine.readFiles(keeper.id, keeper.history, limits)) {
    if (kind === 'file' && HISTORY_ENTRY.test(name))
      entries.push({ file: name, ...describe(content?.toString('utf8'), modifiedAtMs) });
  }
  return entries;
}

/** Reads a history on this machine that no keeper mounts; empty if there is none. */
export async function readLocalHistory(directory: string): Promise<HistoryEntry[]> {
  const names = await readdir(directory).catch(() => []);
  const entries: HistoryEntry[] = [];
  for (const file of names.filter((name) => HISTORY_ENTRY.test(name))) {
    const found = await readRegularFile(join(directory, file));
    if (found !== undefined) entries.push({ file, ...describe(found.text, found.modifiedAtMs) });
  }
  return entries;
}

/** Undefined if it is not a regular file or does not exist. */
async function readRegularFile(path: string): Promise<{ text: string | undefined; modifiedAtMs: number } | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { text: await readBounded(path), modifiedAtMs: found.mtimeMs };
}

/**
 * Undefined if it cannot be read or is too large. The file may have been replaced in the meantime, so this does not
 * follow links and does not wait for a FIFO.
 */
async function readBounded(path: string): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const opened = await handle.stat();
    if (!opened.isFile() || opened.size > MOST_BYTES) return undefined;
    const { size } = opened;
    // One byte more than expected: the file may have grown.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size + 1), 0, size + 1, 0);
    return bytesRead > size ? undefined : buffer.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** @param text undefined if it is too large for an entry */
function describe(text: string | undefined, modifiedAtMs: number): Omit<HistoryEntry, 'file'> {
  try {
    const { container, host, madeAt } = content.parse(JSON.parse(text ?? ''));
    return { container, host, madeAtMs: Date.parse(madeAt) };
  } catch {
    // The API also lists a file that someone put there by hand.
    return { container: null, host: '', madeAtMs: modifiedAtMs };
  }
}
