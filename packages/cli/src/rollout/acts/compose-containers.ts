import type { RolloutContext } from '../context.ts';
import { isComposeContainer } from '../observe/is-compose-container.ts';
import { graceOf } from './retire-replica.ts';

/** Stops a container that `docker compose up` made; it is kept until the release is committed. */
export async function stopComposeContainer(context: RolloutContext, service: string, container: string): Promise<void> {
  const id = await composeContainerOf(context, container);
  if (id !== undefined) await context.engine.stopContainer(id, graceOf(context, service));
}

/** Starts it again, under the name that it had. */
export async function startComposeContainer(context: RolloutContext, container: string): Promise<void> {
  const { engine } = context;
  const id = await composeContainerOf(context, container);
  if (id === undefined) return;
  if ((await engine.inspectContainer(id))?.name !== container) await engine.renameContainer(id, container);
  await engine.startContainer(id);
}

/** Removes it; its volumes stay, the anonymous ones too. */
export async function removeComposeContainer(context: RolloutContext, container: string): Promise<void> {
  const id = await composeContainerOf(context, container);
  if (id !== undefined) await context.engine.removeContainer(id, { force: true, keepVolumes: true });
}

/** Id of the container that had the name when the plan was made, if it is one that Compose made for this project. */
async function composeContainerOf(
  { engine, project, ids }: RolloutContext,
  container: string,
): Promise<string | undefined> {
  const found = await engine.inspectContainer(ids.get(container) ?? container);
  return found !== undefined && (await isComposeContainer(engine, project.name, found)) ? found.id : undefined;
}
