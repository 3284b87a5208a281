import { LABEL } from '../../src/model/names.ts';
import type { TestContext } from './test-context.ts';

/** Names and states of the project's containers, sorted. */
export async function containersOf({ engine, project }: TestContext): Promise<string[]> {
  const containers = await engine.listContainers({ [LABEL.project]: project });
  // A lease that has ended may take the engine another moment to remove.
  const lasting = containers.filter(({ labels }) => labels[LABEL.role] !== 'lease');
  return lasting.map(({ name, state }) => `${name} ${state}`).toSorted();
}
