import { json } from 'node:stream/consumers';
import type { Engine } from '../../src/model/engine.ts';
import { getFromEngine } from '../engine/get-from-engine.ts';

/** One GET to the engine, past lobbie's own client, for what that has no use for. Undefined when it is not there. */
export async function askEngine(engine: Engine, path: string): Promise<unknown> {
  const answer = await getFromEngine(engine, path);
  if (answer.statusCode !== 404) return json(answer);
  answer.resume();
  return undefined;
}

/** Names of the volumes that the project's containers have now. */
export async function volumesOf(engine: Engine, containers: readonly string[]): Promise<string[]> {
  const details = await Promise.all(containers.map((id) => askEngine(engine, `/containers/${id}/json`)));
  return details.flatMap((one) =>
    ((one as { Mounts?: { Type: string; Name?: string }[] } | undefined)?.Mounts ?? []).flatMap(({ Type, Name }) =>
      Type === 'volume' && Name !== undefined ? [Name] : [],
    ),
  );
}
