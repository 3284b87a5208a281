import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { StartError } from '@lobbie/api/service/start-error';
import { codeOf } from './disk-error.ts';
import { type Draft, receiveDraft } from './draft.ts';
import { hasFile, listFiles, type StoredFile } from './list-files.ts';
import { sweepDrafts } from './sweep-drafts.ts';

/** The folder of files that the replicas share. */
export interface Folder {
  /** Where a file is, or would be. The name has to be one of parseFileName. */
  pathOf(name: string): string;
  has(name: string): Promise<boolean>;
  /** All files, by name. */
  list(): Promise<StoredFile[]>;
  /** Writes a stream to the disk, out of everyone's sight. */
  receive(source: Readable): Promise<Draft>;
  /** Removes what uploads have left that died with their container. */
  sweep(): Promise<number>;
  /** Paths of the drafts that are being written. */
  readonly drafts: ReadonlySet<string>;
}

export interface FolderOptions {
  readonly directory: string;
  readonly maxFileBytes: number;
  /** No upload goes on for so long without writing. */
  readonly staleMs: number;
  readonly nowMs: () => number;
}

/** Hidden, and no name that a file can have. In the same folder, for link(2) knows no other file system. */
const DRAFTS = '.drafts';

/** Opens the folder. Throws a {@link StartError} where files cannot be made in it. */
export async function openFolder({ directory, maxFileBytes, staleMs, nowMs }: FolderOptions): Promise<Folder> {
  const draftDirectory = join(directory, DRAFTS);
  try {
    await mkdir(draftDirectory, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await access(draftDirectory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(`FILES_DIR: ${directory} ${REASONS.get(codeOf(error) ?? '') ?? 'cannot be used'}.`);
  }
  const drafts = new Set<string>();
  return {
    pathOf: (name) => join(directory, name),
    has: (name) => hasFile(join(directory, name)),
    list: () => listFiles(directory),
    receive: (source) => receiveDraft({ source, maxFileBytes, directory, draftDirectory, drafts }),
    sweep: () => sweepDrafts(draftDirectory, nowMs() - staleMs),
    drafts,
  };
}

const REASONS = new Map([
  ['ENOENT', 'is missing; mount or create the directory'],
  ['ENOTDIR', 'is not a directory'],
  ['EACCES', 'may not be written by this user; hand the directory to the user the container runs as'],
  ['EROFS', 'is read-only'],
  ['ENOSPC', 'is full'],
]);
