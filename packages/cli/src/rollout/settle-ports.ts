import { isDeepStrictEqual } from 'node:util';
import { detectMode } from '../ingress/detect-mode.ts';
import type { Ingress } from '../ingress/ingress.ts';
import { LobbieError } from '../model/errors.ts';
import type { IngressPort } from '../model/ingress.ts';
import type { Step } from '../model/plan.ts';
import type { ReplicaId } from '../model/service.ts';
import type { RolloutContext } from './context.ts';
import { type DialTarget, dial } from './dial.ts';
import { inspect, targetsOn } from './gate-targets.ts';
import { ingressOf } from './ingress-container.ts';

/**
 * What is silent for so long waits for its client to speak, and not in HTTP. Long enough for an application on a busy
 * machine: one that is taken for TCP has its connections cut at each rollout.
 */
const SILENCE_MS = 10_000;

/**
 * Asks an admitted replica which of these ports answer, and in what, and has the ingress listen so. Of those that are
 * closed it keeps what it was told to listen on, for the next rollout to ask again.
 */
export async function settlePorts(
  context: RolloutContext,
  { service: name, replica, container, ports }: Extract<Step, { kind: 'settle-ports' }>,
): Promise<void> {
  const [ingress, details] = await Promise.all([ingressOf(context, name), inspect(context, container)]);
  if (ingress === undefined) return;
  const told = ingress.state.ports.map(({ port }) => port);
  const asked = await Promise.all(
    targetsOn(context, replica, details, ports).map(async (target): Promise<IngressPort | undefined> => {
      const { port } = target;
      const mode = await modeOf(context, target, name);
      if (mode !== undefined) return { port, mode };
      return told.includes(port) ? closedPort(port) : undefined;
    }),
  );
  const known = ingress.state.ports.filter(({ port }) => !ports.includes(port));
  await listenOn(ingress, [...known, ...asked.filter((one) => one !== undefined)]);
}

/** Has the ingress let nobody wait for ports on which a replica that works does not listen, and tells of them. */
export async function leaveClosed(
  context: RolloutContext,
  { service }: ReplicaId,
  closed: readonly number[],
): Promise<void> {
  const ingress = await ingressOf(context, service);
  if (ingress === undefined) return;
  for (const port of closed) {
    const message = `Nothing in ${service} listens on port ${port}: connections to it are refused.`;
    // Its replicas find out side by side.
    const told = context.events.some((event) => event.type === 'warning' && event.message === message);
    if (!told) context.report({ type: 'warning', timeMs: context.clock.now(), message });
  }
  const { ports } = ingress.state;
  await listenOn(
    ingress,
    ports.map((one) => (closed.includes(one.port) ? closedPort(one.port) : one)),
  );
}

const closedPort = (port: number): IngressPort => ({ port, mode: 'tcp', guess: true, closed: true });

async function listenOn(ingress: Ingress, wanted: readonly IngressPort[]): Promise<void> {
  const ports = wanted.toSorted((a, b) => a.port - b.port);
  if (isDeepStrictEqual(ports, ingress.state.ports)) return;
  await ingress.configure({ ...ingress.state, ports });
}

/** Undefined where nothing listens. */
async function modeOf(
  { engine }: RolloutContext,
  target: DialTarget,
  host: string,
): Promise<IngressPort['mode'] | undefined> {
  try {
    return await detectMode(() => dial(engine, target), host, SILENCE_MS);
  } catch (error) {
    if (error instanceof LobbieError) throw error;
    return undefined;
  }
}
