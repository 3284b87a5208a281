import { posix } from 'node:path';
import { LobbieError } from '../../model/errors.ts';
import type { ActOf } from '../../model/step.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { imageUser } from '../images/image-user.ts';
import { copyHistory } from './move-history.ts';

/**
 * Creates the history directory on the engine, owned by the user that the containers run as. The owner of an existing
 * one is never changed. If the history moves, copies its entries.
 *
 * @throws LobbieError `HISTORY_OWNER` if the containers could not write to it; `HISTORY_CLASH`
 */
export async function prepareHistory(context: GivenUnderLease, step: ActOf<'prepare-history'>): Promise<void> {
  const { service, source, from } = step;
  await makeHistory(context, step);
  if (from !== undefined) await copyHistory(context, service, from, source);
}

async function makeHistory(
  { engine, keeper, projectName }: GivenUnderLease,
  { service, source, input }: ActOf<'prepare-history'>,
): Promise<void> {
  if (keeper.history === undefined) return;
  const { uid, gid } = await imageUser(engine, projectName, input.image, input.user);
  const found = await engine.statFile(keeper.id, keeper.history);
  if (found === undefined) {
    const entry = { kind: 'directory', name: posix.basename(keeper.history), mode: 0o755, uid, gid } as const;
    await engine.writeFiles(keeper.id, posix.dirname(keeper.history), [entry]);
    return;
  }
  const writable =
    uid === 0 ||
    (found.uid === uid && found.mode & 0o200) ||
    (found.gid === gid && found.mode & 0o020) ||
    found.mode & 0o002;
  if (found.kind === 'directory' && writable) return;
  throw new LobbieError(
    'HISTORY_OWNER',
    found.kind === 'directory'
      ? `The history ${source} belongs to ${found.uid}:${found.gid}, but the containers of ${service} run as ${uid}:${gid} and could not write to it.`
      : `The history ${source} is not a directory.`,
    {
      hint:
        found.kind === 'directory'
          ? `Run \`sudo chown ${uid}:${gid} ${source}\` on the engine's machine, then deploy again.`
          : 'Move it away, then deploy again.',
    },
  );
}
