import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ServiceError } from '@lobbie/api/service/service-error';

/** The open file of a draft, as far as room is kept with it. */
export interface DraftFile {
  truncate(bytes: number): Promise<void>;
}

/** Keeps the files of the folder, those on their way included, within a number of bytes. */
export interface Room {
  /**
   * Gives a draft this many bytes, which everyone sees by its size until it is published or removed. Rejects with a
   * ServiceError of status 507 where there is no room; the draft is then as large as it was.
   *
   * @param had the bytes that it was given before
   */
  take(file: DraftFile, bytes: number, had: number): Promise<void>;
  /** As {@link take}, for a file whose size is not known yet: some more than it needs now, if that can be had. */
  grow(file: DraftFile, bytes: number, had: number): Promise<number>;
}

export interface RoomOptions {
  readonly directory: string;
  readonly draftDirectory: string;
  /** Undefined: as much as the disk takes. */
  readonly maxBytes: number | undefined;
  /** Paths of the drafts of this process. */
  readonly drafts: ReadonlySet<string>;
}

/** What a file of unknown size is given at once: all files are looked at each time. */
const STEP_BYTES = 8_388_608;

/** How often one of several replicas that took room at the same moment tries again, and how long it waits at most. */
const TRIES = 6;
const WAIT_MS = 40;

/** How many files are looked at together. */
const TOGETHER = 16;

/**
 * Room is taken by making a draft as large as its file will be, and then looking at all sizes: of any two that take at the
 * same time, on whatever replica, the one that looks last sees the other. Within a process they take turns, so that the
 * first gets what there is.
 */
export function openRoom({ directory, draftDirectory, maxBytes, drafts }: RoomOptions): Room {
  if (maxBytes === undefined) return { take: async () => {}, grow: async () => Number.POSITIVE_INFINITY };

  const attempt = async (file: DraftFile, bytes: number, had: number): Promise<void> => {
    for (let left = bytes > maxBytes ? 0 : TRIES; left > 0; left -= 1) {
      await file.truncate(bytes);
      const { all, ofOthers } = await measure(directory, draftDirectory, drafts);
      if (all <= maxBytes) return;
      await file.truncate(had);
      // What is there, and what this process receives, does not go away by waiting.
      if (all - ofOthers > maxBytes) break;
      await setTimeout(Math.random() * WAIT_MS);
    }
    throw new ServiceError(507, `There is no room left for this file: all files together may have ${maxBytes} bytes.`);
  };

  let last: Promise<unknown> = Promise.resolve();
  const take: Room['take'] = (file, bytes, had) => {
    const taken = last.then(() => attempt(file, bytes, had));
    last = taken.catch(() => undefined);
    return taken;
  };
  const grow: Room['grow'] = async (file, bytes, had) => {
    const ample = Math.min(bytes + STEP_BYTES, maxBytes);
    const isAmple = await take(file, ample, had).then(
      () => ample > bytes,
      () => false,
    );
    if (isAmple) return ample;
    await take(file, bytes, had);
    return bytes;
  };
  return { take, grow };
}

interface Measured {
  readonly all: number;
  /** Of drafts that other replicas are receiving, or that a killed one has left. */
  readonly ofOthers: number;
}

async function measure(directory: string, draftDirectory: string, own: ReadonlySet<string>): Promise<Measured> {
  const counted = new Set<bigint>();
  let all = 0;
  let ofOthers = 0;
  // Drafts first: one that is published meanwhile is found under its name, and counted once.
  for (const folder of [draftDirectory, directory]) {
    const entries = await readdir(folder, { withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
    for (let first = 0; first < paths.length; first += TOGETHER) {
      await Promise.all(
        paths.slice(first, first + TOGETHER).map(async (path) => {
          // Undefined for one that has gone away.
          const stats = await lstat(path, { bigint: true }).catch(() => undefined);
          if (stats === undefined || counted.has(stats.ino)) return;
          counted.add(stats.ino);
          all += Number(stats.size);
          if (folder === draftDirectory && !own.has(path)) ofOthers += Number(stats.size);
        }),
      );
    }
  }
  return { all, ofOthers };
}
