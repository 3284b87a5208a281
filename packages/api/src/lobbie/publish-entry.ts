import { randomUUID } from 'node:crypto';
import { access, link, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What an entry of the history holds, as one line of JSON. */
export interface HistoryEntry {
  /** Full id of the container; null where the process runs in none. */
  readonly container: string | null;
  readonly host: string;
  /** ISO 8601. */
  readonly madeAt: string;
}

/**
 * Puts an entry into the history: whole, on disk, and under a name that nobody has, or not at all. Gives false when the
 * name is taken. Rejects with the file system's error.
 */
export async function publishEntry(directory: string, name: string, entry: HistoryEntry): Promise<boolean> {
  for (;;) {
    // Its name does not match the pattern of entries: a process that dies half-way leaves nothing that is listed.
    const draft = join(directory, `.${name}.${randomUUID()}.draft`);
    try {
      await writeDraft(draft, entry);
      // link(2) is what makes a name exclusively and shows a whole file at once; rename(2) would replace another's.
      await link(draft, join(directory, name));
      break;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      // A process that was suspended for long comes back to a draft that was taken for a dead one's, and removed.
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
    // Some network file systems cannot sync a directory; the name is as safe there as it gets.
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
  } finally {
    await directory.close();
  }
}

/** The code of a file system error, such as `EEXIST`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
