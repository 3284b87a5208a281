import type { ObservedReplica } from '../../model/observed.ts';
import type { Given } from '../given/given.ts';

/** Records the containers that a command started that died before it recorded them. */
export async function recordFound(
  { engine, ledger }: Pick<Given, 'engine' | 'ledger'>,
  died: string,
  replicas: readonly ObservedReplica[],
): Promise<void> {
  const record = async ({ containerId: id, container: name, replica, release, image }: ObservedReplica) => {
    const [known, details] = await Promise.all([ledger.readContainer(name), engine.inspectContainer(id)]);
    const startedAtMs = details?.startedAtMs;
    if (known !== undefined || startedAtMs === undefined) return;
    await ledger.recordContainer({ id, name, replica, release, image, startedAtMs });
  };
  await Promise.all(replicas.filter(({ release }) => release === died).map(record));
}
