import { readFile, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
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
  // Looked at before it is read: what changes in between is seen by the next look.
  let seen = await stampOf(path);
  let things = await readThings(path).catch((error: Error) => {
    throw new StartError(`THINGS_FILE: ${error.message}`);
  });
  /** Why the file was refused as it is; read again, it is not told again. */
  let refused: string | undefined;
  const changes = { taken: 0, refused: 0 };
  const readAgain = async (): Promise<void> => {
    try {
      const read = await readThings(path);
      refused = undefined;
      if (read.etag === things.etag) return;
      things = read;
      changes.taken += 1;
      onTaken();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason === refused) return;
      refused = reason;
      changes.refused += 1;
      onRefused(reason);
    }
  };
  const closed = new AbortController();
  const watch = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      await setTimeout(everyMs, undefined, { signal: closed.signal, ref: false }).catch(() => undefined);
      const stamp = await stampOf(path);
      if (closed.signal.aborted || (stamp.text === seen.text && seen.isSettled)) continue;
      if (stamp.text !== seen.text) refused = undefined;
      seen = stamp;
      await readAgain();
    }
  };
  watch();
  return {
    get things() {
      return things;
    },
    changes,
    close: () => closed.abort(),
  };
}

interface Stamp {
  readonly text: string;
  /** False while another change could leave the same text: within one tick of the file system's clock. */
  readonly isSettled: boolean;
}

/** Changes with the file, and with which file has the name. */
const stampOf = (path: string): Promise<Stamp> =>
  stat(path, { bigint: true }).then(
    // The time of change, too: the time of modification can be set, as `cp -p` does.
    ({ ino, size, mtimeNs, ctimeNs, ctimeMs }) => ({
      text: `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
      isSettled: Math.abs(Date.now() - Number(ctimeMs)) > TICK_MS,
    }),
    () => ({ text: 'missing', isSettled: true }),
  );

/** The coarsest clock of a file system that is in use. */
const TICK_MS = 2000;

async function readThings(path: string): Promise<Things> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new DataError(`it cannot be read: ${error.code ?? error.message}`);
  });
  return parseThings(bytes);
}
