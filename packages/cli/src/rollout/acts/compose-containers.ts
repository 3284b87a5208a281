import type { ActOf } from '../../model/step.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { isComposeContainer } from '../observe/is-compose-container.ts';

type ComposeContext = Pick<GivenUnderLease, 'engine' | 'projectName' | 'ids'>;

/** Stops a container that `docker compose up` made; it is kept until the release is committed. */
export async function stopComposeContainer(
  context: ComposeContext,
  { container, input: { graceMs } }: ActOf<'stop-former'>,
): Promise<void> {
  const id = await composeContainerOf(context, container);
  if (id !== undefined) await context.engine.stopContainer(id, graceMs);
}

/** Starts it again, under the name that it had. */
export async function startComposeContainer(context: ComposeContext, container: string): Promise<void> {
  const { engine } = context;
  const id = await composeContainerOf(context, container);
  if (id === undefined) return;
  if ((await engine.inspectContainer(id))?.name !== container) await engine.renameContainer(id, container);
  await engine.startContainer(id);
}

/** Removes it; its volumes stay, the anonymous ones too. */
export async function removeComposeContainer(context: ComposeContext, container: string): Promise<void> {
  const id = await composeContainerOf(context, container);
  if (id !== undefined) await context.engine.removeContainer(id, { force: true, keepVolumes: true });
}

/** Id of the container that had the name when the plan was made, if it is one that Compose made for this project. */
async function composeContainerOf(
  { engine, projectName, ids }: ComposeContext,
  container: string,
): Promise<string | undefined> {
  const found = await engine.inspectContainer(ids.get(container) ?? container);
  return found !== undefined && (await isComposeContainer(engine, projectName, found)) ? found.id : undefined;
}
