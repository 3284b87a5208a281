import type { ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import type { Desired } from './desired.ts';

/** What containers are made from: images, networks and volumes that are not there yet and that lobbie may make. */
export function planFoundations(
  { project }: Desired,
  services: readonly Service[],
  observed: ObservedState,
): PlannedStep[] {
  const images = services.filter(({ build, image }) => build !== undefined && observed.images[image] === undefined);
  const networks = project.networks.filter(({ external, name }) => !external && !observed.networks.includes(name));
  const volumes = project.volumes.filter(({ external, name }) => !external && !observed.volumes.includes(name));
  const missing = 'does not exist yet';
  return [
    ...[...new Set(images.map(({ image }) => image))].map(
      (image): PlannedStep => ({
        id: `build ${image}`,
        after: [],
        step: { kind: 'build-image', image, reason: 'its content is new' },
      }),
    ),
    ...networks.map(
      ({ name }): PlannedStep => ({
        id: `network ${name}`,
        after: [],
        step: { kind: 'create-network', name, reason: missing },
      }),
    ),
    ...volumes.map(
      ({ name }): PlannedStep => ({
        id: `volume ${name}`,
        after: [],
        step: { kind: 'create-volume', name, reason: missing },
      }),
    ),
  ];
}
