import type { Engine } from '../../packages/cli/src/model/engine.ts';
import { askEngine } from '../engine-request.ts';

/** Removes all containers, networks, volumes and images whose names start with the prefix and a hyphen. */
export async function removeAll(engine: Engine, prefix: string): Promise<void> {
  const isOurs = (name: string): boolean => name.startsWith(`${prefix}-`);
  const containers = (await engine.listAllContainers()).filter(({ name }) => isOurs(name));
  await Promise.all(containers.map(({ id }) => engine.removeContainer(id, { force: true })));
  const networks = (await engine.listNetworks({})).filter(({ name }) => isOurs(name));
  const volumes = (await engine.listVolumes({})).filter(({ name }) => isOurs(name));
  await Promise.all([
    ...networks.map(({ name }) => engine.removeNetwork(name)),
    ...volumes.map(({ name }) => engine.removeVolume(name)),
  ]);
  for (const image of await imagesOf(engine, prefix)) await engine.removeImage(image);
}

/** By name, and those that Compose built before and that have no name any more. */
async function imagesOf({ endpoint }: Engine, prefix: string): Promise<string[]> {
  const find = async (filters: Record<string, readonly string[]>): Promise<readonly ImageSummary[]> =>
    JSON.parse(
      await askEngine(endpoint.url, { path: `/images/json?filters=${encodeURIComponent(JSON.stringify(filters))}` }),
    );
  const named = await find({ reference: [`${prefix}-*`] });
  const nameless = await find({ dangling: ['true'], label: ['com.docker.compose.project'] });
  return [
    ...named.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(`${prefix}-`)),
    ...nameless
      .filter(({ Labels }) => Labels?.['com.docker.compose.project']?.startsWith(`${prefix}-`))
      .map(({ Id }) => Id),
  ];
}

interface ImageSummary {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}
