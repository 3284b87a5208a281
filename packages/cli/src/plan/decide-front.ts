import type { ImageTraits } from '../model/image.ts';
import type { IngressPort } from '../model/ingress.ts';
import { asksForIngress, type Front, mayHaveIngress, type Service } from '../model/service.ts';
import { speaksUdp } from '../model/service-names.ts';
import { dataOf } from './rolling-of.ts';

/** Facts about a service from what is running. */
export interface Evidence {
  /** Ports of its ingress; undefined if it has none. */
  readonly ingress: readonly IngressPort[] | undefined;
  /** Whether one of its containers runs. */
  readonly runs: boolean;
  /** Whether it has completed, and its release gave it no ingress. */
  readonly completed?: boolean;
  /** TCP ports on which one of its containers listens for other services. */
  readonly listens: readonly number[];
  /** The service as deployed. */
  readonly before: Service | undefined;
}

/**
 * Decides whether a service has an ingress: if the file asks for one; or if it mounts no data, another service shares a
 * network with it, and it has a TCP port in `expose` or was seen to listen on one. A service that does not run yet has
 * an ingress until its first gate shows whether it listens. A service that has completed has shown it already.
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
  // A service that uses UDP keeps its names on its replicas, and nothing else would need an ingress.
  if (!mayBeReached || speaksUdp(service) || dataOf(service, traits) !== undefined) return front({ ingress: false });
  const isNamed = ports !== undefined && service.addressed !== undefined;
  if (service.expose.length > 0 || listens.length > 0 || isNamed) return front({ ingress: true });
  // The ingress would have the address from the file, and the address could not move back if the ingress is removed.
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
