import type { ContainerSpec } from '../../src/model/container.ts';
import { LABEL } from '../../src/model/names.ts';
import type { ScriptedEngine } from '../rollout/scripted-engine.ts';

/** Creates a container of project `p` whose labels come only from its image; gives its id. */
export async function addPoser(
  engine: ScriptedEngine,
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: Partial<ContainerSpec> = {},
): Promise<string> {
  const image = `${name}-image`;
  engine.images.set(image, { labels: { [LABEL.project]: 'p', ...labels }, ...engine.images.get(image) });
  return engine.createContainer({ name, image, labels: {}, networks: [], ...spec });
}
