import type { ActOf } from '../../model/step.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { isComposeContainer } from '../observe/is-compose-container.ts';

type ComposeContext = Pick<GivenUnderLease, 'engine' | 'projectName' | 'ids'>;

/** Stops a container that `docker compose up` created. It is kept until the release is committed. */
export async function stopComposeContainer(
  context: ComposeContext,
  { container, input: { graceMs } }: ActOf<'stop-former'>,
): Promise<void> {
  const id = await composeContainerOf(context, container);
  if (id !== undefined) await context.engine.stopContainer(id, graceMs);
}

/** Starts it again under its old name. */
export async function startComposeContainer(context: ComposeContext, container: string): Promise<void> {
  const { engine } = context;
  const id = await composeContainerOf(context, container);
  if (id === undefined) return;
  if ((await engine.inspectContainer(id))?.name !== container) await engine.renameContainer(id, container);
  await engine.startContainer(id);
}

/** Removes it. Its volumes stay, including the anonymous ones. */
export async function removeComposeContainer(context: ComposeContext, container: string): Promise<void> {
  const id = await composeContainerOf(context, container);
  if (id !== undefined) await context.engine.removeContainer(id, { force: true, keepVolumes: true });
}

/** Id of the container that had the name at planning, if Compose created it for this project. */
async function composeContainerOf(
  { engine, projectName, ids }: ComposeContext,
  container: string,
): Promise<string | undefined> {
  const found = await engine.inspectContainer(ids.get(container) ?? container);
  return found !== undefined && (await isComposeContainer(engine, projectName, found)) ? found.id : undefined;
}
