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
  const images = await imagesOf(engine, prefix);
  await Promise.all(images.map((image) => engine.removeImage(image)));
}

async function imagesOf({ endpoint }: Engine, prefix: string): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ reference: [`${prefix}-*`] }));
  const images: { RepoTags?: string[] | null }[] = JSON.parse(
    await askEngine(endpoint.url, { path: `/images/json?filters=${filters}` }),
  );
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(`${prefix}-`));
}
