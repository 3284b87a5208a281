import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import { belongsTo } from '../observe/own-networks-and-volumes.ts';

/** Removes a network if it is the project's own and nobody else uses it; otherwise says why it is kept. */
export async function removeUnusedNetwork(engine: Engine, project: string, name: string): Promise<string | undefined> {
  const found = await engine.inspectNetwork(name);
  if (found === undefined || !belongsTo(project, found.labels)) return 'lobbie did not make it';
  const users = (await engine.listAllContainers()).filter(({ addresses }) => name in addresses);
  if (users.length > 0) return `in use by ${users.map((user) => user.name).join(', ')}`;
  return refusal(engine.removeNetwork(name));
}

/** Removes a volume, or says why it is kept. */
export const removeUnusedVolume = (engine: Engine, name: string): Promise<string | undefined> =>
  refusal(engine.removeVolume(name));

/** Why the engine did not remove something; undefined if it did. */
const refusal = (removing: Promise<void>): Promise<string | undefined> =>
  removing.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof LobbieError && error.code === 'ENGINE_ERROR') return error.message;
      throw error;
    },
  );
