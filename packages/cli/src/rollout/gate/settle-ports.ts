import type { IngressPort } from '../../model/ingress.ts';
import type { Step } from '../../model/plan.ts';
import type { RolloutContext } from '../context.ts';
import { ingressOf } from '../ingresses/ingress-container.ts';
import { inspect, targetsOn } from './gate-targets.ts';
import { listenOn } from './listen-as-found.ts';
import { speaksFirst } from './speaks-first.ts';

/** A server that speaks first does so by then, on a busy machine too. Traffic goes on meanwhile. */
const SILENCE_MS = 10_000;

/** Listens to a new replica on the ports where those before it spoke first. */
export async function settlePorts(
  context: RolloutContext,
  { service, replica, container, ports }: Extract<Step, { kind: 'settle-ports' }>,
): Promise<void> {
  const { clock } = context;
  const targets = targetsOn(context, replica, await inspect(context, container), ports);
  const greets = await Promise.all(
    // One that cannot be reached stays as it is.
    targets.map((target) => speaksFirst(context, target, clock.sleep(SILENCE_MS)).catch(() => true)),
  );
  const silent = new Set(ports.filter((_, index) => !greets[index]));
  const ingress = await ingressOf(context, service);
  if (ingress === undefined || silent.size === 0) return;
  const { ports: all } = ingress.state;
  await listenOn(
    context,
    service,
    all.map((one): IngressPort => {
      const { speaksFirst: _, seen: __, ...told } = one;
      return silent.has(one.port) ? told : one;
    }),
  );
}
