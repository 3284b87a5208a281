import { detectMode } from '../ingress/detect-mode.ts';
import { LobbieError } from '../model/errors.ts';
import type { IngressPort } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import { ingressPorts } from '../model/service.ts';
import { type RolloutContext, serviceOf } from './context.ts';
import { type DialTarget, dial } from './dial.ts';
import { inspect, targetsOn } from './gate-targets.ts';
import { ingressOf } from './ingress-container.ts';

/** What is silent for so long waits for its client to speak, and not in HTTP. */
const SILENCE_MS = 2000;

/**
 * Asks an admitted replica which of these ports answer, and in what, and has the ingress listen so. A port that is
 * closed is left out; one that is published stays a guess, for the next rollout to ask again.
 */
export async function settlePorts(
  context: RolloutContext,
  { service: name, replica, container, ports }: Extract<Step, { kind: 'settle-ports' }>,
): Promise<void> {
  const [ingress, details] = await Promise.all([ingressOf(context, name), inspect(context, container)]);
  if (ingress === undefined) return;
  const published = ingressPorts(serviceOf(context, name)).map(({ target }) => target);
  const asked = await Promise.all(
    targetsOn(context, replica, details, ports).map(async (target): Promise<IngressPort | undefined> => {
      const { port } = target;
      const mode = await modeOf(context, target, name);
      if (mode !== undefined) return { port, mode };
      return published.includes(port) ? { port, mode: 'tcp', guess: true } : undefined;
    }),
  );
  const known = ingress.state.ports.filter(({ port }) => !ports.includes(port));
  const settled = [...known, ...asked.filter((one) => one !== undefined)].toSorted((a, b) => a.port - b.port);
  if (JSON.stringify(settled) === JSON.stringify(ingress.state.ports)) return;
  await ingress.configure({ ...ingress.state, ports: settled });
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
