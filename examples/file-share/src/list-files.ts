import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './disk-error.ts';
import { isFileName } from './file-name.ts';

/** A file of the folder. */
export interface StoredFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** How many files are looked at together: no more threads than that would help. */
const TOGETHER = 16;

/** Names of the regular files of a directory that can be asked for, in their order. */
export async function listNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && isFileName(entry.name)).map(({ name }) => name);
  return names.sort(byCodePoint);
}

/** The same with what is known of each file. One that goes away meanwhile is left out. */
export async function listFiles(directory: string): Promise<StoredFile[]> {
  const names = await listNames(directory);
  const files: StoredFile[] = [];
  for (let first = 0; first < names.length; first += TOGETHER) {
    const looked = await Promise.all(names.slice(first, first + TOGETHER).map((name) => look(directory, name)));
    files.push(...looked.filter((file) => file !== undefined));
  }
  return files;
}

/** Whether anything has this path. */
export const hasFile = async (path: string): Promise<boolean> => (await stats(path)) !== undefined;

// UTF-8 sorts by code point; UTF-16 would put emoji before other letters.
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

async function look(directory: string, name: string): Promise<StoredFile | undefined> {
  const found = await stats(join(directory, name));
  return found?.isFile() ? { name, size: found.size, modifiedAt: found.mtime } : undefined;
}

const stats = (path: string) =>
  lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
