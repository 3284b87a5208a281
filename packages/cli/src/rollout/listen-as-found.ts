import { isDeepStrictEqual } from 'node:util';
import type { IngressPort } from '../model/ingress.ts';
import type { ReplicaId } from '../model/service.ts';
import type { RolloutContext } from './context.ts';
import type { PortFindings } from './gate.ts';
import { ingressOf } from './ingress-container.ts';

/**
 * Has the ingress listen as the gate of a replica found its ports: on those that are open and were not known, and no
 * longer waiting at those on which a replica that works does not listen.
 */
export async function listenAsFound(
  context: RolloutContext,
  { service }: ReplicaId,
  { open, closed, speakFirst, http }: PortFindings,
): Promise<void> {
  const ingress = await ingressOf(context, service);
  if (ingress === undefined) return;
  warnOfClosed(context, service, closed);
  const { state } = ingress;
  const added = open.filter((port) => !state.ports.some((one) => one.port === port));
  const before: IngressPort[] = [...state.ports, ...added.map((port): IngressPort => ({ port, mode: 'auto' }))];
  const ports = before.map((one): IngressPort => {
    const { unseen, closed: was, ...known } = one;
    if (closed.includes(one.port)) return { ...one, closed: true };
    if (!open.includes(one.port)) return one;
    // One that spoke first may still have old replicas behind it: see settle-ports.
    if (one.mode !== 'auto') return known;
    if (speakFirst.includes(one.port)) return { port: one.port, mode: 'auto', speaksFirst: true };
    return { ...known, ...(http.includes(one.port) && { seen: 'http' }) };
  });
  await listenOn(context, service, ports);
}

/** Changes the ports of an ingress: at once where it has to do something else for it, else with its next change. */
export async function listenOn(
  context: RolloutContext,
  service: string,
  wanted: readonly IngressPort[],
): Promise<void> {
  const ingress = await ingressOf(context, service);
  if (ingress === undefined) return;
  const ports = wanted.toSorted((a, b) => a.port - b.port);
  const acts = (all: readonly IngressPort[]) => all.map(({ unseen, seen, ...act }) => act);
  if (isDeepStrictEqual(acts(ports), acts(ingress.state.ports))) ingress.note(ports);
  else await ingress.configure({ ...ingress.state, ports });
}

function warnOfClosed(context: RolloutContext, service: string, closed: readonly number[]): void {
  for (const port of closed) {
    const message = `Nothing in ${service} listens on port ${port}: connections to it are refused.`;
    // Its replicas find out side by side.
    const told = context.events.some((event) => event.type === 'warning' && event.message === message);
    if (!told) context.report({ type: 'warning', timeMs: context.clock.now(), message });
  }
}
