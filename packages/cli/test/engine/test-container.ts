import type { ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import { TEST_IMAGE } from '../engine-available.ts';
import { RUN_LABELS, RUN_PREFIX } from '../run/run-name.ts';

/** Everything that these tests make on the engine carries this label and the run's prefix. */
export const TEST_LABELS = RUN_LABELS;

/** A name that no other run of the tests uses. */
export const sleeper = (what: string): string => `${RUN_PREFIX}eng-${what}-${process.pid}`;

/** Creates and starts a container that sleeps unless told otherwise; gives its id. The caller removes it. */
export async function runContainer(
  engine: Engine,
  { start = true, ...spec }: Partial<ContainerSpec> & { name: string; start?: boolean },
): Promise<string> {
  const id = await engine.createContainer({
    image: TEST_IMAGE,
    labels: TEST_LABELS,
    command: ['sleep', '600'],
    networks: [],
    init: true,
    ...spec,
  });
  if (start) await engine.startContainer(id);
  return id;
}

/** All values of an async iterable. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
