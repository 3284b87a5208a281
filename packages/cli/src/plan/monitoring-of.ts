import type { ImageTraits } from '../model/image.ts';
import { hasIngress, ingressPorts, type Service } from '../model/service.ts';
import { proxiedPorts } from '../model/shown-to-proxies.ts';

/** How long a replica without a healthcheck must stay up. Default if the file does not say. */
const MONITOR_MS = 5000;

/** How long a replica must stay up, in milliseconds; 0 means not at all. */
export interface Monitoring {
  /** Time before it passes its gate. */
  readonly gateMs: number;
  /** Time after it was admitted. */
  readonly watchMs: number;
}

/**
 * With a healthcheck, a replica is watched after its gate for the time in the file. Without one, it must stay up before
 * it passes, or after it is admitted if nothing else serves and requests wait for it.
 *
 * @param alone whether nothing else of the service serves meanwhile
 */
export function monitoringOf(service: Service, traits: ImageTraits | undefined, alone: boolean): Monitoring {
  const { monitorMs } = service.update;
  if (hasHealthcheck(service, traits)) return { gateMs: 0, watchMs: monitorMs ?? 0 };
  const ms = monitorMs ?? MONITOR_MS;
  return alone && isListenedFor(service) ? { gateMs: 0, watchMs: ms } : { gateMs: ms, watchMs: 0 };
}

/** How long the answers of a service with a `max_error_ratio` are watched. Default if the file does not say. */
const ANSWERS_MONITOR_MS = 10_000;

/** How long the answers of a service are watched after the switch, in milliseconds. */
export const answersMonitorMs = ({ update: { monitorMs } }: Service): number => monitorMs ?? ANSWERS_MONITOR_MS;

/** Whether the container will have a healthcheck, its own or its image's. */
export function hasHealthcheck({ healthcheck }: Service, traits: ImageTraits | undefined): boolean {
  const [kind] = healthcheck?.test ?? [];
  return kind === undefined ? (traits?.hasHealthcheck ?? false) : kind !== 'NONE';
}

/** Whether the ingress listens from the beginning, so that requests wait until a replica is admitted. */
const isListenedFor = (service: Service): boolean =>
  hasIngress(service) &&
  (ingressPorts(service).length + service.ingress.ports.length > 0 || proxiedPorts(service).length > 0);
