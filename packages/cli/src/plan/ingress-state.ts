import type { ImageTraits } from '../model/image.ts';
import type { IngressPort, IngressState } from '../model/ingress.ts';
import { ingressPorts, type Service } from '../model/service.ts';
import { slotCount } from '../model/slot-count.ts';

/** What an ingress is to be told; the slots and what it found out about its ports are those of the one before. */
export function ingressState(
  service: Service,
  traits: ImageTraits | undefined,
  known: Pick<IngressState, 'ports' | 'slots'> | undefined,
): IngressState {
  const { drainTimeoutMs, holdTimeoutMs, clientTimeoutMs, serverTimeoutMs } = service.ingress;
  const slots = known?.slots ?? [];
  const filled = slots.filter((slot) => slot !== null).length;
  // A rollout that died may have left more filled than there are replicas; all of them may need a successor.
  const wanted = Math.max(slotCount(service.replicas), service.replicas + filled);
  // Slots are only ever added: to take some away could move a replica that serves.
  const count = Math.max(wanted, slots.length);
  return {
    service: service.name,
    ports: portsOf(service, traits, known?.ports ?? []),
    ...(ingressPorts(service).length === 0 && { inside: true }),
    holdTimeoutMs,
    drainTimeoutMs,
    clientTimeoutMs,
    serverTimeoutMs,
    slots: Array.from({ length: count }, (_, index) => slots[index] ?? null),
  };
}

/** The ports that a replica has to be asked about: their modes are a guess, or nobody knows whether they are open. */
export function portsToSettle(service: Service, traits: ImageTraits | undefined, state: IngressState): number[] {
  const guesses = state.ports.filter(({ guess }) => guess).map(({ port }) => port);
  const unknown = exposed(service, traits).filter((port) => !state.ports.some((one) => one.port === port));
  return [...guesses, ...unknown].toSorted((a, b) => a - b);
}

export const sameState = (a: IngressState, b: IngressState): boolean =>
  a.ports.map(portText).join() === b.ports.map(portText).join() &&
  a.inside === b.inside &&
  a.holdTimeoutMs === b.holdTimeoutMs &&
  a.drainTimeoutMs === b.drainTimeoutMs &&
  a.clientTimeoutMs === b.clientTimeoutMs &&
  a.serverTimeoutMs === b.serverTimeoutMs &&
  a.slots.length === b.slots.length;

const portText = ({ port, mode, guess, closed }: IngressPort): string => `${port} ${mode} ${guess} ${closed}`;

/** Exposed ports are listened on only once they were found to be open. */
function portsOf(
  service: Service,
  traits: ImageTraits | undefined,
  known: readonly IngressPort[],
): readonly IngressPort[] {
  const ports = new Map<number, IngressPort>();
  for (const { target, mode } of ingressPorts(service)) {
    if (mode !== undefined) ports.set(target, { port: target, mode });
    else if (!ports.has(target)) ports.set(target, knownOrGuess(target, known));
  }
  for (const port of service.ingress.ports) if (!ports.has(port)) ports.set(port, knownOrGuess(port, known));
  for (const port of exposed(service, traits)) {
    const found = known.find((one) => one.port === port);
    if (found && !ports.has(port)) ports.set(port, found);
  }
  return [...ports.values()].toSorted((a, b) => a.port - b.port);
}

const knownOrGuess = (port: number, known: readonly IngressPort[]): IngressPort =>
  known.find((one) => one.port === port) ?? { port, mode: 'tcp', guess: true };

const exposed = ({ expose }: Service, traits: ImageTraits | undefined): number[] => [
  ...new Set([...expose, ...(traits?.exposedPorts ?? [])]),
];
