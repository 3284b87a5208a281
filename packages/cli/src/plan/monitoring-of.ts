import type { ImageTraits } from '../model/image.ts';
import { hasIngress, ingressPorts, type Service } from '../model/service.ts';
import { proxiedPorts } from '../model/shown-to-proxies.ts';

/** How long a replica without a healthcheck has to stay up, unless the file says otherwise. */
const MONITOR_MS = 5000;

/** How long a replica has to stay up, in milliseconds; 0: not at all. */
export interface Monitoring {
  /** Before it passes its gate. */
  readonly gateMs: number;
  /** Once it was admitted. */
  readonly watchMs: number;
}

/**
 * With a healthcheck a replica is watched after its gate for as long as the file says. Without one it has to stay up
 * before it passes, or once it is admitted where nothing else serves and requests wait for it.
 *
 * @param alone nothing else of the service serves meanwhile
 */
export function monitoringOf(service: Service, traits: ImageTraits | undefined, alone: boolean): Monitoring {
  const { monitorMs } = service.update;
  if (hasHealthcheck(service, traits)) return { gateMs: 0, watchMs: monitorMs ?? 0 };
  const ms = monitorMs ?? MONITOR_MS;
  return alone && isListenedFor(service) ? { gateMs: 0, watchMs: ms } : { gateMs: ms, watchMs: 0 };
}

/** How long the answers of a service with a `max_error_ratio` are watched, unless the file says otherwise. */
const ANSWERS_MONITOR_MS = 10_000;

/** How long the answers of a service are watched after the switch, in milliseconds. */
export const answersMonitorMs = ({ update: { monitorMs } }: Service): number => monitorMs ?? ANSWERS_MONITOR_MS;

/** Whether the container will have a healthcheck, its own or its image's. */
export function hasHealthcheck({ healthcheck }: Service, traits: ImageTraits | undefined): boolean {
  const [kind] = healthcheck?.test ?? [];
  return kind === undefined ? (traits?.hasHealthcheck ?? false) : kind !== 'NONE';
}

/** Whether the ingress listens from the beginning, so that requests wait for a replica to be admitted. */
const isListenedFor = (service: Service): boolean =>
  hasIngress(service) &&
  (ingressPorts(service).length + service.ingress.ports.length > 0 || proxiedPorts(service).length > 0);
