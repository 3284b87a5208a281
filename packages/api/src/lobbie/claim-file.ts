import { open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_NAME } from './file-name.ts';
import { explain } from './history-error.ts';
import { codeOf, type HistoryEntry, publishEntry } from './publish-entry.ts';

export interface FileClaim {
  readonly historyDirectory: string;
  readonly fileDirectory: string;
  readonly container: string | null;
  readonly host: string;
  readonly makeName: () => string;
  readonly now: () => Date;
}

/**
 * Returns the name of this container's file. The first time, makes the file and its entry in the history; a container
 * that is started again keeps both. Rejects with a DirectoryError that says what is wrong with which directory.
 */
export async function claimFile(claim: FileClaim): Promise<string> {
  for (const name of await ownNames(claim)) {
    if (await confirmEntry(claim, name)) return name;
    // It died between file and entry, and another container has taken the name since. Nobody has seen this name.
    await inFiles(claim, () => unlink(join(claim.fileDirectory, name)));
  }
  for (;;) {
    const name = claim.makeName();
    // The file comes before the entry: if the process dies in between, the next start adopts the file, and no entry is
    // wrong.
    if (!(await makeFile(claim, name))) continue;
    if (await publish(claim, name)) return name;
    await inFiles(claim, () => unlink(join(claim.fileDirectory, name)));
  }
}

async function ownNames({ fileDirectory }: FileClaim): Promise<string[]> {
  const names = await readdir(fileDirectory).catch((error: unknown) => {
    throw explain('FILE_DIR', fileDirectory, error);
  });
  return names.filter((name) => FILE_NAME.test(name));
}

/** Whether the history now has this container's entry of that name. */
async function confirmEntry(claim: FileClaim, name: string): Promise<boolean> {
  const read = () => readFile(join(claim.historyDirectory, name), 'utf8');
  const found = await read().catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw explain('HISTORY_DIR', claim.historyDirectory, error);
  });
  return found === undefined ? publish(claim, name) : isOurs(claim, found);
}

function isOurs({ container, host }: FileClaim, line: string): boolean {
  try {
    const entry = JSON.parse(line) as Partial<HistoryEntry>;
    return entry.container === container && (container !== null || entry.host === host);
  } catch {
    return false;
  }
}

async function makeFile(claim: FileClaim, name: string): Promise<boolean> {
  return inFiles(claim, async () => {
    try {
      const file = await open(join(claim.fileDirectory, name), 'wx', 0o644);
      await file.close();
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

async function publish(claim: FileClaim, name: string): Promise<boolean> {
  const entry = { container: claim.container, host: claim.host, madeAt: claim.now().toISOString() };
  try {
    return await publishEntry(claim.historyDirectory, name, entry);
  } catch (error) {
    throw explain('HISTORY_DIR', claim.historyDirectory, error);
  }
}

async function inFiles<Result>(claim: FileClaim, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw explain('FILE_DIR', claim.fileDirectory, error);
  }
}
