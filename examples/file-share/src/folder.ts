import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ServiceError } from '@lobbie/api/service/service-error';
import { StartError } from '@lobbie/api/service/start-error';
import { codeOf, toDiskError } from './disk-error.ts';
import { type Draft, receiveDraft } from './draft.ts';
import { hasFile, listFiles, listNames, type StoredFile } from './list-files.ts';
import { openRoom } from './room.ts';
import { sweepDrafts } from './sweep-drafts.ts';

/** The folder of files that the replicas share. What cannot be done rejects with a ServiceError. */
export interface Folder {
  /** Where a file is, or would be. The name has to be one of parseFileName. */
  pathOf(name: string): string;
  has(name: string): Promise<boolean>;
  /** The names of all files, in their order; costs a tenth of {@link list}. */
  names(): Promise<string[]>;
  /** All files, by name. */
  list(): Promise<StoredFile[]>;
  /** Writes a stream to the disk, out of everyone's sight; `announcedBytes` where its length is known before. */
  receive(source: Readable, announcedBytes?: number): Promise<Draft>;
  /** Rejects with a ServiceError of status 503 while files cannot be made in it. */
  assertWritable(): Promise<void>;
  /** Removes what uploads have left that died with their container. */
  sweep(): Promise<number>;
  /** Paths of the drafts that are being written. */
  readonly drafts: ReadonlySet<string>;
}

export interface FolderOptions {
  readonly directory: string;
  readonly maxFileBytes: number;
  /** Of all files together; undefined: as much as the disk takes. */
  readonly maxFolderBytes: number | undefined;
  /** No upload goes on for so long without writing. */
  readonly staleMs: number;
  readonly nowMs: () => number;
}

/** Hidden, and no name that a file can have. In the same folder, for link(2) knows no other file system. */
const DRAFTS = '.drafts';

const WRITABLE = constants.W_OK | constants.X_OK;

/** Opens the folder. Throws a {@link StartError} where files cannot be made in it. */
export async function openFolder(options: FolderOptions): Promise<Folder> {
  const { directory, maxFileBytes, maxFolderBytes, staleMs, nowMs } = options;
  const draftDirectory = join(directory, DRAFTS);
  try {
    await mkdir(draftDirectory, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await access(draftDirectory, WRITABLE);
  } catch (error) {
    throw new StartError(`FILES_DIR: ${directory} ${REASONS.get(codeOf(error) ?? '') ?? 'cannot be used'}.`);
  }
  const drafts = new Set<string>();
  const room = openRoom({ directory, draftDirectory, maxBytes: maxFolderBytes, drafts });
  return {
    pathOf: (name) => join(directory, name),
    has: (name) => hasFile(join(directory, name)).catch(throwTold),
    names: () => listNames(directory).catch(throwTold),
    list: () => listFiles(directory).catch(throwTold),
    receive: (source, announcedBytes) =>
      receiveDraft({ source, announcedBytes, maxFileBytes, room, directory, draftDirectory, drafts }),
    assertWritable: () =>
      access(draftDirectory, WRITABLE).catch((cause: unknown) => {
        throw new ServiceError(503, 'The folder of the files cannot be written.', { cause });
      }),
    sweep: () => sweepDrafts(draftDirectory, nowMs() - staleMs),
    drafts,
  };
}

const throwTold = (error: unknown): never => {
  throw toDiskError(error);
};

const REASONS = new Map([
  ['ENOENT', 'is missing; mount or create the directory'],
  ['ENOTDIR', 'is not a directory'],
  ['EACCES', 'may not be written by this user; hand the directory to the user the container runs as'],
  ['EROFS', 'is read-only'],
  ['ENOSPC', 'is full'],
]);
