import { isDeepStrictEqual } from 'node:util';
import type { IngressPort } from '../../model/ingress.ts';
import type { Service } from '../../model/service.ts';
import { saidPorts } from '../../plan/ingress-state.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { tellOnce } from '../given/tell-once.ts';
import { ingressOf, type SessionContext } from '../ingresses/ingress-container.ts';
import type { PortFindings } from './gate.ts';

type ListenContext = SessionContext & WarnContext;
type WarnContext = Pick<GivenUnderLease, 'events' | 'report' | 'clock'>;

/**
 * Adapts the ingress to the ports that a replica's gate found: it listens on new open ports, and no longer waits on
 * ports where a working replica does not listen.
 */
export async function listenAsFound(
  context: ListenContext,
  service: Service,
  { looked, asked, open, closed, speakFirst, random, http }: PortFindings,
): Promise<void> {
  const { name } = service;
  const ingress = await ingressOf(context, name);
  if (ingress === undefined) return;
  warnOfClosed(context, name, closed);
  warnOfRandom(context, service, random);
  const said = saidPorts(service);
  const hasLapsed = ({ port, unseen }: IngressPort): boolean => !unseen && asked.includes(port) && !said.includes(port);
  const asFound = (one: IngressPort): IngressPort => {
    const { unseen, closed: was, ...known } = one;
    if (closed.includes(one.port)) return { ...one, closed: true };
    if (!open.includes(one.port)) return hasLapsed(one) ? { ...one, closed: true } : one;
    // If old replicas sent first, they may still be behind the port: see settle-ports.
    if (one.mode !== 'auto') return known;
    if (speakFirst.includes(one.port)) return { port: one.port, mode: 'auto', speaksFirst: true };
    return { ...known, ...(http.includes(one.port) && { seen: 'http' }) };
  };
  await listenOn(context, name, (before) => withPorts(before, open).map(asFound));
  if (looked) warnOfNone(context, service, ingress.state.ports);
}

/**
 * Changes the ports of an ingress: at once if its behaviour changes, otherwise with its next change.
 *
 * @param change of the ports that it listens on when its turn comes
 */
export async function listenOn(
  context: SessionContext,
  service: string,
  change: (ports: readonly IngressPort[]) => readonly IngressPort[],
): Promise<void> {
  const ingress = await ingressOf(context, service);
  if (ingress === undefined) return;
  const changed = (ports: readonly IngressPort[]) => change(ports).toSorted((a, b) => a.port - b.port);
  const ports = changed(ingress.state.ports);
  const acts = (all: readonly IngressPort[]) => all.map(({ unseen, seen, ...act }) => act);
  if (isDeepStrictEqual(acts(ports), acts(ingress.state.ports))) ingress.note(ports);
  else await ingress.configure((state) => ({ ...state, ports: changed(state.ports) }));
}

const withPorts = (known: readonly IngressPort[], more: readonly number[]): IngressPort[] => [
  ...known,
  ...more
    .filter((port) => known.every((one) => one.port !== port))
    .map((port): IngressPort => ({ port, mode: 'auto' })),
];

const warnOfClosed = (context: WarnContext, service: string, closed: readonly number[]): void => {
  for (const port of closed)
    tellOnce(context, `Nothing in ${service} listens on port ${port}: connections to it are refused.`);
};

/** Other services name it but cannot reach any port yet. */
function warnOfNone(context: WarnContext, { name, addressed }: Service, ports: readonly IngressPort[]): void {
  if (addressed === undefined || ports.some(({ unseen, closed }) => !unseen && !closed)) return;
  const later =
    addressed.length > 0
      ? `port ${addressed.join(', ')} as soon as it opens, and other ports`
      : 'ports that open later';
  tellOnce(
    context,
    `Nothing in ${name} listens on a TCP port yet. Its ingress serves ${later} after the next command.`,
  );
}

/** Each replica has another such port. The first is an example. */
function warnOfRandom(context: WarnContext, { name, shared }: Service, [port]: readonly number[]): void {
  if (port === undefined || shared !== true) return;
  const about = `${name} listens on a port that looks random`;
  if (context.events.some((event) => event.type === 'warning' && event.message.startsWith(about))) return;
  tellOnce(
    context,
    `${about} (${port}): its ingress does not serve it. If other services need it, add it to \`expose\`, or set \`x-lobbie.ingress: false\`.`,
  );
}

/**
 * Makes the ingress of a service listen on more ports for its own replicas only: what they send to the service's name
 * comes back to them, even before they work. It refuses all other clients there until a gate has passed.
 */
export async function listenEarly(context: SessionContext, service: string, ports: readonly number[]): Promise<void> {
  await listenOn(context, service, (known) => [
    ...known,
    ...ports
      .filter((port) => known.every((one) => one.port !== port))
      .map((port): IngressPort => ({ port, mode: 'auto', unseen: true, closed: true })),
  ]);
}
