import { createInterface } from 'node:readline';
import type { Engine } from '../../src/model/engine.ts';
import { getFromEngine } from '../engine/get-from-engine.ts';

/** An event as the Engine's API describes it. */
export interface WireEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/**
 * Tells of what happens on the engine from then on, past lobbie's own client; the function that it gives ends that.
 *
 * @param filters by the names of the Engine's API
 */
export async function listenToEngine(
  engine: Engine,
  filters: Readonly<Record<string, readonly string[]>>,
  heard: (event: WireEvent) => void,
): Promise<() => void> {
  const answer = await getFromEngine(engine, `/events?filters=${encodeURIComponent(JSON.stringify(filters))}`);
  // It is cut by the end of the test.
  answer.on('error', () => undefined);
  createInterface({ input: answer })
    .on('line', (line) => heard(JSON.parse(line) as WireEvent))
    .on('error', () => undefined);
  return () => answer.destroy();
}
