import type { ImageTraits } from '../model/image.ts';
import type { IngressPort } from '../model/ingress.ts';
import { asksForIngress, type Front, mayHaveIngress, type Service } from '../model/service.ts';
import { speaksUdp } from '../model/service-names.ts';
import { dataOf } from './rolling-of.ts';

/** What runs of a service tells of it. */
export interface Evidence {
  /** Ports of the ingress that it has; undefined where it has none. */
  readonly ingress: readonly IngressPort[] | undefined;
  /** Whether a container of it runs. */
  readonly runs: boolean;
  /** Whether it has done its work, and the release that it belongs to gave it no ingress. */
  readonly completed?: boolean;
  /** TCP ports on which a container of it listens for others. */
  readonly listens: readonly number[];
  /** The service as it is deployed. */
  readonly before: Service | undefined;
}

/**
 * Decides whether an ingress stands in front of a service: where the file asks for one; and where it mounts no data,
 * another service shares a network with it, and it has a TCP port in `expose` or was seen to listen on one. A service
 * of which nothing runs yet has one until its first gate shows whether it listens; one that has done its work did show it.
 */
export function decideFront(service: Service, traits: ImageTraits | undefined, evidence: Evidence): Front {
  const { ingress: ports, runs, completed, before } = evidence;
  const known = (ports ?? []).filter(isOpen).map(({ port }) => port);
  const listens = [...new Set([...known, ...evidence.listens])].toSorted((a, b) => a - b);
  const front = (one: Front): Front => ({
    ...one,
    ...(listens.length > 0 && { listens }),
    ...(ports?.some(speaksBytes) && { bytes: true }),
  });
  if (asksForIngress(service)) return front({ ingress: true });
  const mayBeReached = mayHaveIngress(service) && service.shared === true && service.replicas > 0;
  // The names of one that speaks UDP stay on its replicas, and there is nothing else to put an ingress in front of.
  if (!mayBeReached || speaksUdp(service) || dataOf(service, traits) !== undefined) return front({ ingress: false });
  const isNamed = ports !== undefined && service.addressed !== undefined;
  if (service.expose.length > 0 || listens.length > 0 || isNamed) return front({ ingress: true });
  // An address of the file goes to the ingress, and could not come back with an ingress that goes.
  if (!runs && !completed && (!hasAddress(service) || service.addressed !== undefined))
    return front({ ingress: true, tentative: true });
  const nameless = before?.front?.nameless === true && service.addressed === undefined;
  return front({ ingress: false, ...(nameless && { nameless }) });
}

const hasAddress = ({ networks }: Service): boolean =>
  networks.some(({ ipv4Address, ipv6Address }) => (ipv4Address ?? ipv6Address) !== undefined);

const isOpen = ({ unseen, closed }: IngressPort): boolean => !unseen && !closed;

const speaksBytes = ({ mode, speaksFirst, seen }: IngressPort): boolean =>
  mode === 'auto' && (speaksFirst === true || seen === 'tcp');
