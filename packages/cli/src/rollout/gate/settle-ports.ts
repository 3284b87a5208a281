import type { IngressPort } from '../../model/ingress.ts';
import type { ActOf } from '../../model/step.ts';
import type { Given } from '../given/given.ts';
import { type DialContext, inspect, targetsOn } from './gate-targets.ts';
import { listenOn } from './listen-as-found.ts';
import { speaksFirst } from './speaks-first.ts';

/** A server that sends first has done so by then, even on a busy machine. Traffic continues meanwhile. */
const SILENCE_MS = 10_000;

/** Listens to a new replica on the ports where its predecessors sent first. */
export async function settlePorts(
  context: DialContext & Pick<Given, 'clock'>,
  { service, container, ports, input }: ActOf<'settle-ports'>,
): Promise<void> {
  const { clock } = context;
  const targets = targetsOn(context, { service, ...input }, await inspect(context, container), ports);
  const greets = await Promise.all(
    // A port that cannot be reached stays as it is.
    targets.map((target) => speaksFirst(context, target, () => clock.sleep(SILENCE_MS)).catch(() => true)),
  );
  const silent = new Set(ports.filter((_, index) => !greets[index]));
  if (silent.size === 0) return;
  await listenOn(context, service, (all) =>
    all.map((one): IngressPort => {
      const { speaksFirst: _, seen: __, ...told } = one;
      return silent.has(one.port) ? told : one;
    }),
  );
}
