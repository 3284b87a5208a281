import { posix } from 'node:path';
import type { Keeper } from '../../ledger/keeper.ts';
import { LobbieError } from '../../model/errors.ts';
import { lastLines } from '../../model/last-lines.ts';
import type { Surroundings } from '../given/surroundings.ts';
import { onErrand } from '../observe/errands.ts';

/** The result of removing a history directory. */
export interface RemovedHistory {
  /** How many entries were removed. */
  readonly entries: number;
  /** Why the directory still exists; undefined if it is gone. */
  readonly kept: string | undefined;
}

/** Names of entries and their drafts, see `packages/api`; a pattern for find, which matches whole paths. */
const ENTRY = '/history/include-me-[A-Za-z0-9][A-Za-z0-9]*\\.txt';
const DRAFT = '/history/\\.include-me-[A-Za-z0-9][A-Za-z0-9]*\\.txt\\.[-0-9a-f]*\\.draft';

/**
 * `find` does not follow links or open FIFOs, and `-type f` matches neither. Prints the number of entries and of other
 * files.
 */
const REMOVE = `set -eu
export LC_ALL=C
within() { find /history -mindepth 1 -maxdepth 1 "$@"; }
entries=$(within -type f -regex '${ENTRY}' | wc -l)
within -type f '(' -regex '${ENTRY}' -o -regex '${DRAFT}' ')' -delete
echo "$entries $(within | wc -l)"`;

/**
 * Removes the files that lobbie's API made in a history directory, and then the directory if it is empty. Other files
 * stay.
 * Follows no link. The engine's API has no call to delete files, so containers of the ingress image do it, as the users
 * that own the directories.
 *
 * @param keeper the keeper for this directory
 * @throws LobbieError `ENGINE_ERROR` if the entries cannot be removed
 */
export async function removeHistory(
  surroundings: Surroundings,
  keeper: Keeper,
  image: string,
  directory: string,
): Promise<RemovedHistory> {
  const { engine } = surroundings;
  const inKeeper = keeper.history ?? '';
  const found = await engine.statFile(keeper.id, inKeeper);
  if (found === undefined) return { entries: 0, kept: undefined };
  if (found.kind !== 'directory') return { entries: 0, kept: 'it is a link or a file, not a directory' };
  const { entries, others } = await removeEntries(surroundings, keeper.project, image, directory, userOf(found));
  if (others > 0) return { entries, kept: `not empty: ${filesOf(others)} that lobbie did not make` };
  const above = await engine.statFile(keeper.id, posix.dirname(inKeeper));
  const isGone =
    above !== undefined && (await removeEmpty(surroundings, keeper.project, image, directory, userOf(above)));
  return { entries, kept: isGone ? undefined : 'empty, and could not be removed' };
}

const userOf = ({ uid, gid }: { readonly uid: number; readonly gid: number }): string => `${uid}:${gid}`;
const filesOf = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

async function removeEntries(
  { engine }: Surroundings,
  project: string,
  image: string,
  directory: string,
  user: string,
): Promise<{ entries: number; others: number }> {
  const spec = {
    image,
    user,
    entrypoint: ['sleep', 'infinity'],
    command: [],
    mounts: [{ kind: 'bind', source: directory, target: '/history', readOnly: false, mustExist: true }],
  } as const;
  const { exitCode, output } = await onErrand(engine, project, spec, async (id) => {
    await engine.startContainer(id);
    return engine.exec(id, ['sh', '-c', REMOVE]);
  });
  const [entries, others] = output.trim().split(/\s+/).map(Number);
  if (exitCode === 0 && entries !== undefined && others !== undefined) return { entries, others };
  throw new LobbieError('ENGINE_ERROR', `The entries of the history ${directory} could not be removed.`, {
    details: lastLines(output, 5),
    hint: `Remove them by hand: rm ${directory}/include-me-*.txt`,
  });
}

/** True if it is gone. This can only remove an empty directory. */
async function removeEmpty(
  { engine, signal }: Surroundings,
  project: string,
  image: string,
  directory: string,
  user: string,
): Promise<boolean> {
  const spec = {
    image,
    user,
    entrypoint: ['rmdir', '--', posix.join('/above', posix.basename(directory))],
    command: [],
    mounts: [{ kind: 'bind', source: posix.dirname(directory), target: '/above', readOnly: false, mustExist: true }],
  } as const;
  return onErrand(engine, project, spec, async (id) => {
    await engine.startContainer(id);
    return (await engine.waitContainer(id, signal)) === 0;
  });
}
