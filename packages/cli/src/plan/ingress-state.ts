import type { ImageTraits } from '../model/image.ts';
import type { IngressPort, IngressState } from '../model/ingress.ts';
import { type Network, networkName } from '../model/project.ts';
import { ingressPorts, type Service } from '../model/service.ts';
import { proxiedPorts } from '../model/shown-to-proxies.ts';
import { slotCount } from '../model/slot-count.ts';

/** The desired state of an ingress. Its slots, and the facts it found about its ports, come from the previous state. */
export function ingressState(
  service: Service,
  known: Pick<IngressState, 'ports' | 'slots' | 'peers'> | undefined,
  networks: readonly Network[] = [],
): IngressState {
  const { drainTimeoutMs, holdTimeoutMs, outageTimeoutMs, clientTimeoutMs, serverTimeoutMs } = service.ingress;
  const { trustedProxies, proxyProtocol } = service.ingress;
  const loopbackPorts = portsOnLoopback(service);
  const slots = known?.slots ?? [];
  const filled = slots.filter((slot) => slot !== null).length;
  // A rollout that died may have left more filled slots than replicas, and each may need a successor.
  const wanted = Math.max(slotCount(service.replicas), service.replicas + filled);
  // Slots are only added: removing some could move a replica that serves.
  const count = Math.max(wanted, slots.length);
  return {
    service: service.name,
    ports: portsOf(service, known?.ports ?? []),
    ...(known?.peers && { peers: known.peers }),
    ...(trustedProxies && { trustedProxies }),
    ...(loopbackPorts.length > 0 && { loopbackPorts }),
    ...(proxyProtocol && { proxyProtocol }),
    ...(service.replicas === 0 && { empty: true }),
    ...severalNetworks(service, networks),
    holdTimeoutMs,
    outageTimeoutMs,
    drainTimeoutMs,
    clientTimeoutMs,
    serverTimeoutMs,
    slots: Array.from({ length: count }, (_, index) => slots[index] ?? null),
  };
}

/** The network names by which the engine's DNS distinguishes a replica's addresses. */
function severalNetworks(service: Service, networks: readonly Network[]): Pick<IngressState, 'networks'> {
  const names = service.networks.map(({ key }) => networkName(networks, key));
  return names.length > 1 ? { networks: names } : {};
}

/** The ports without detection, because a replica was found to send first. */
export const portsThatSpeakFirst = ({ ports }: IngressState): number[] =>
  ports.filter(({ mode, speaksFirst }) => mode === 'auto' && speaksFirst).map(({ port }) => port);

/** Whether two states need no reconfiguration. Slots change without it. */
export const sameState = (a: IngressState, b: IngressState): boolean =>
  // Values that a state of an older version lacks are read from the engine when it is configured.
  a.peers !== undefined && b.peers !== undefined && settingsText(a) === settingsText(b);

/** Everything except the content of the slots and port facts that need no action. */
const settingsText = ({ ports, slots, peers, service: _, ...settings }: IngressState): string =>
  JSON.stringify([
    ports.map(portText),
    slots.length,
    peers?.subnets,
    peers?.gateways,
    Object.entries(settings).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);

/** Ports that only programs on the engine's machine can reach from outside. */
function portsOnLoopback(service: Service): number[] {
  const published = Map.groupBy(ingressPorts(service), ({ target }) => target);
  return [...published]
    .filter(([, ports]) => ports.every(({ hostIp = '' }) => isLoopback(hostIp)))
    .map(([target]) => target)
    .toSorted((a, b) => a - b);
}

const isLoopback = (address: string): boolean => /^127\.|^::1$|^(0+:){7}0*1$/.test(address);

const portText = ({ port, mode, speaksFirst, closed }: IngressPort): string =>
  `${port} ${mode} ${speaksFirst} ${closed}`;

/** A port that the file exposes but no service names is used once it was found to be open. */
function portsOf(service: Service, known: readonly IngressPort[]): readonly IngressPort[] {
  const ports = new Map<number, IngressPort>();
  for (const { target, mode } of ingressPorts(service)) {
    if (mode !== undefined) ports.set(target, stated(target, mode, known));
    else if (!ports.has(target)) ports.set(target, knownOrUnseen(target, known));
  }
  for (const port of service.ingress.ports) if (!ports.has(port)) ports.set(port, knownOrUnseen(port, known));
  for (const port of proxiedPorts(service)) if (!ports.has(port)) ports.set(port, knownOrUnseen(port, known));
  const found = known.filter(({ closed, port }) => !closed || service.expose.includes(port)).map(({ port }) => port);
  for (const port of [...(service.addressed ?? []), ...found]) {
    if (!ports.has(port)) ports.set(port, knownOrUnseen(port, known));
  }
  // Ports that opened after the gate.
  for (const port of service.front?.listens ?? [])
    ports.set(port, opened(ports.get(port) ?? knownOrUnseen(port, known)));
  return [...ports.values()].toSorted((a, b) => a.port - b.port);
}

const opened = ({ closed, ...port }: IngressPort): IngressPort => (closed ? { ...port, unseen: true } : port);

function stated(port: number, mode: 'http' | 'tcp', known: readonly IngressPort[]): IngressPort {
  const { unseen, closed } = known.find((one) => one.port === port) ?? { unseen: true as const };
  return { port, mode, ...(unseen && { unseen }), ...(closed && { closed }) };
}

function knownOrUnseen(port: number, known: readonly IngressPort[]): IngressPort {
  const found = known.find((one) => one.port === port);
  if (found === undefined) return { port, mode: 'auto', unseen: true };
  // The file no longer says that these are bytes. Until a gate has listened, the ingress does not wait for the client.
  return found.mode === 'tcp' ? { ...found, mode: 'auto', speaksFirst: true } : { ...found, mode: 'auto' };
}

/** The TCP ports in the service's own definition. */
export const saidPorts = (service: Service): number[] => [
  ...ingressPorts(service).map(({ target }) => target),
  ...proxiedPorts(service),
  ...service.ingress.ports,
  ...service.expose,
];

/** The TCP ports that the file or the image names, in addition to the published ones. */
export const exposedPorts = ({ expose }: Service, traits: ImageTraits | undefined): number[] => [
  ...new Set([...expose, ...(traits?.exposedPorts ?? [])]),
];
