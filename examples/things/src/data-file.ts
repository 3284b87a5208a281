import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { StartError } from '@lobbie/api/service/start-error';
import { DataError, parseThings, type Things } from './parse-things.ts';

/** The data of the moment, and what came of the changes to its file. */
export interface DataFile {
  readonly things: Things;
  /** Changes that were taken over, and those that were refused. */
  readonly changes: { readonly taken: number; readonly refused: number };
  close(): void;
}

export interface DataFileOptions {
  readonly path: string;
  /** How often the file is looked at, in milliseconds. */
  readonly everyMs: number;
  readonly onTaken: () => void;
  /** Told why a change was refused; the last good data stays. */
  readonly onRefused: (reason: string) => void;
}

/**
 * Reads the data file, and again whenever it changes: looked at by its path, for an editor replaces it by rename and a bind
 * mount may tell of no change. A file that is being written is refused, and taken once it is whole.
 *
 * @throws StartError when it is missing or broken at the start
 */
export async function openDataFile({ path, everyMs, onTaken, onRefused }: DataFileOptions): Promise<DataFile> {
  let things = await readThings(path).catch((error: Error) => {
    throw new StartError(`THINGS_FILE: ${error.message}`);
  });
  const changes = { taken: 0, refused: 0 };
  let reading = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const read = await readThings(path);
      if (read.json === things.json) return;
      things = read;
      changes.taken += 1;
      onTaken();
    } catch (error) {
      changes.refused += 1;
      onRefused(error instanceof Error ? error.message : String(error));
    }
  };
  // One after the other, so that the last change is the last word.
  const changed = (): void => {
    reading = reading.then(look);
  };
  watchFile(path, { interval: everyMs }, changed);
  return {
    get things() {
      return things;
    },
    changes,
    close: () => unwatchFile(path, changed),
  };
}

async function readThings(path: string): Promise<Things> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new DataError(`it cannot be read: ${error.code ?? error.message}`);
  });
  return parseThings(text);
}
