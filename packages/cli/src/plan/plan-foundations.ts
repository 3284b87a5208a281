import { LobbieError } from '../model/errors.ts';
import type { ImageBuild } from '../model/image.ts';
import type { ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import type { Desired } from './desired.ts';

/** The images, networks and volumes for the containers that do not exist yet and that lobbie may create. */
export function planFoundations(
  { project, builds }: Desired,
  services: readonly Service[],
  observed: ObservedState,
): PlannedStep[] {
  const images = services.filter(({ build, image }) => build !== undefined && observed.images[image] === undefined);
  const networks = project.networks.filter(({ external, name }) => !external && !observed.networks.includes(name));
  const volumes = project.volumes.filter(({ external, name }) => !external && !observed.volumes.includes(name));
  const missing = 'does not exist yet';
  return [
    ...[...new Set(images.map(({ image }) => image))].map((image): PlannedStep => {
      const input = { build: buildOf(image, builds) };
      return {
        id: `build ${image}`,
        after: [],
        step: { kind: 'build-image', image, input, reason: 'its content is new' },
      };
    }),
    ...networks.map((network): PlannedStep => {
      const { name } = network;
      const step = { kind: 'create-network', name, input: { network }, reason: missing } as const;
      return { id: `network ${name}`, after: [], step };
    }),
    ...volumes.map((volume): PlannedStep => {
      const { name } = volume;
      const step = { kind: 'create-volume', name, input: { volume }, reason: missing } as const;
      return { id: `volume ${name}`, after: [], step };
    }),
  ];
}

function buildOf(image: string, builds: Desired['builds']): ImageBuild {
  const build = builds[image];
  if (build === undefined) throw new LobbieError('BUG', `No build is known for image ${image}.`);
  return build;
}
