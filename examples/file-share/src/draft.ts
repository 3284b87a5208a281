import { randomUUID } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ServiceError } from '@lobbie/api/service/service-error';
import { readUpTo } from '@lobbie/api/service/stream-bodies';
import { codeOf, toDiskError } from './disk-error.ts';
import type { Room } from './room.ts';

/** A file that is wholly on the disk and not yet in the folder. Disposing of it removes it, published or not. */
export interface Draft extends AsyncDisposable {
  readonly bytes: number;
  /** Puts the file under a name that nobody has, for everyone to see; a ServiceError of status 409 if it is taken. */
  publish(name: string): Promise<void>;
}

export interface DraftOptions {
  readonly source: Readable;
  /** How long the client says it is, if it does. */
  readonly announcedBytes?: number | undefined;
  readonly maxFileBytes: number;
  readonly room: Room;
  readonly directory: string;
  readonly draftDirectory: string;
  /** Where the draft is kept as long as it is there. */
  readonly drafts: Set<string>;
}

/**
 * Writes a stream to the disk, piece by piece: the client is as fast as the disk, and memory holds one piece. Rejects with
 * a {@link ServiceError}: 400 for an empty or cut off file, 413 for one too large, 507 without room, 503 while the folder
 * cannot be used; nothing is left then.
 */
export async function receiveDraft(options: DraftOptions): Promise<Draft> {
  const { directory, draftDirectory, drafts } = options;
  const path = join(draftDirectory, randomUUID());
  drafts.add(path);
  const remove = async (): Promise<void> => {
    await unlink(path).catch(() => undefined);
    drafts.delete(path);
  };
  try {
    const bytes = await write(path, options);
    if (bytes === 0) throw new ServiceError(400, 'The file is empty.');
    return { bytes, publish: (name) => publish(path, directory, name), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw toDiskError(error);
  }
}

/** Why a file is too large, in the one sentence that early and late refusals share. */
export const tooLarge = (maxFileBytes: number): string => `The file is larger than ${maxFileBytes} bytes.`;

async function write(path: string, options: DraftOptions): Promise<number> {
  const { source, announcedBytes = 0, maxFileBytes, room } = options;
  await using file = await open(path, 'wx', 0o640);
  let bytes = 0;
  let given = announcedBytes;
  // Before anything is read: a client that has asked first is spared the transfer.
  if (given > 0) await room.take(file, given, 0);
  for await (const piece of readUpTo(source, maxFileBytes, tooLarge(maxFileBytes))) {
    if (bytes + piece.length > given) given = await room.grow(file, bytes + piece.length, given);
    await file.writeFile(piece);
    bytes += piece.length;
  }
  await file.truncate(bytes);
  // Before the name: after a crash of the machine there must be no name of a file that is half there.
  if (bytes > 0) await file.sync();
  return bytes;
}

async function publish(path: string, directory: string, name: string): Promise<void> {
  try {
    // link(2) makes a name exclusively and shows a whole file at once; rename(2) would replace another's.
    await link(path, join(directory, name));
    await using folder = await open(directory, 'r');
    await folder.sync();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new ServiceError(409, taken(name));
    throw toDiskError(error);
  }
}

/** That a name is taken. */
export const taken = (name: string): string => `There is a file named ${name} already.`;
