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
 * Gives the name of this container's file. The first time it makes the file and its entry in the history; a container
 * that is started again keeps both. Rejects with a DirectoryError that says what is wrong with which directory.
 */
export async function claimFile(claim: FileClaim): Promise<string> {
  for (const name of await ownNames(claim)) {
    if (await confirmEntry(claim, name)) return name;
    // Died between file and entry, and another has taken the name since: it was never shown to anyone.
    await inFiles(claim, () => unlink(join(claim.fileDirectory, name)));
  }
  for (;;) {
    const name = claim.makeName();
    // The file comes before the entry: dying between them leaves a file that the next start adopts, no false entry.
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

/** True when the history has this container's entry of that name, or has got it now. */
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
