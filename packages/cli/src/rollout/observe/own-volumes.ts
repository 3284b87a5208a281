import type { Engine } from '../../model/engine.ts';

/** Names of a project's volumes, made by lobbie or by Docker Compose: both give them the same labels. */
export const ownVolumes = async (engine: Pick<Engine, 'listVolumes'>, project: string): Promise<string[]> =>
  (await engine.listVolumes({ 'com.docker.compose.project': project })).map(({ name }) => name).toSorted();
