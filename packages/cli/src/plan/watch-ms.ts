import type { ImageTraits } from '../model/image.ts';
import { hasIngress, ingressPorts, type RolloutOrder, type Service } from '../model/service.ts';

/** How long a replica without a healthcheck has to stay up, unless the file says otherwise. */
export const MONITOR_MS = 5000;

/**
 * How long a replica is watched after it was admitted, in milliseconds; 0: not at all. With a healthcheck as long as the
 * file says. Without one the gate has waited that long already, but where requests wait for it to pass.
 */
export function watchMs(service: Service, traits: ImageTraits | undefined, order: RolloutOrder): number {
  const { monitorMs } = service.update;
  if (hasHealthcheck(service, traits)) return monitorMs ?? 0;
  return order === 'stop-first' && isListenedFor(service) ? (monitorMs ?? MONITOR_MS) : 0;
}

/** Whether the container will have a healthcheck, its own or its image's. */
export function hasHealthcheck({ healthcheck }: Service, traits: ImageTraits | undefined): boolean {
  const [kind] = healthcheck?.test ?? [];
  return kind === undefined ? (traits?.hasHealthcheck ?? false) : kind !== 'NONE';
}

/** Whether the ingress listens from the beginning, so that requests wait for a replica to be admitted. */
export const isListenedFor = (service: Service): boolean =>
  hasIngress(service) && ingressPorts(service).length + service.ingress.ports.length > 0;
