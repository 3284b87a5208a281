import { randomUUID } from 'node:crypto';
import { access, link, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The content of an entry in the history, as one line of JSON. */
export interface HistoryEntry {
  /** Full id of the container; null if the process does not run in one. */
  readonly container: string | null;
  readonly host: string;
  /** ISO 8601. */
  readonly madeAt: string;
}

/**
 * Puts an entry into the history: complete, on disk, and under a name that nobody has, or not at all. Returns false if
 * the name is taken. Rejects with the file system's error.
 */
export async function publishEntry(directory: string, name: string, entry: HistoryEntry): Promise<boolean> {
  for (;;) {
    // Its name does not match the pattern of entries, so a process that dies halfway leaves nothing that is listed.
    const draft = join(directory, `.${name}.${randomUUID()}.draft`);
    try {
      await writeDraft(draft, entry);
      // link(2) creates a name exclusively and shows a complete file at once. rename(2) would replace another's file.
      await link(draft, join(directory, name));
      break;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      // If a process was suspended for long, its draft may have been removed as one of a dead process.
      const isSwept = codeOf(error) === 'ENOENT' && (await isThere(directory)) && !(await isThere(draft));
      if (!isSwept) throw error;
    } finally {
      await unlink(draft).catch(() => undefined);
    }
  }
  await syncDirectory(directory);
  return true;
}

async function writeDraft(path: string, entry: HistoryEntry): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(`${JSON.stringify(entry)}\n`);
    const madeAt = new Date(entry.madeAt);
    await file.utimes(madeAt, madeAt);
    await file.sync();
  } finally {
    await file.close();
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some network file systems cannot sync a directory. The name is as safe there as it can be.
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
  } finally {
    await directory.close();
  }
}

/** The code of a file system error, such as `EEXIST`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
