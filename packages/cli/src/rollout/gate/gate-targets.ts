import type { ContainerDetails } from '../../model/container.ts';
import { LobbieError } from '../../model/errors.ts';
import type { IngressPort } from '../../model/ingress.ts';
import type { DialInput } from '../../model/step-inputs.ts';
import type { Given } from '../given/given.ts';
import { ingressOf, runningIngress, type SessionContext } from '../ingresses/ingress-container.ts';
import { isNear } from '../observe/is-near.ts';
import type { DialTarget } from './dial.ts';

/** The context for reaching replicas without their ingress. */
export type DialContext = SessionContext & GateFound;

/** What a rollout finds out about networks. */
export interface GateFound {
  /** By network: whether this machine is on it; see `isNear`. */
  readonly near: Map<string, Promise<boolean>>;
  /**
   * By container that has passed its gate: finds the ports that nobody named, and makes its ingress listen on them. The
   * step that admits the container does this, so that the known ports do not wait for it.
   */
  readonly furtherPorts: Map<string, () => Promise<void>>;
}

/** The service whose replicas to reach, and how. */
interface Dialled extends DialInput {
  readonly service: string;
}

/** The ports of a replica that its ingress listens on and that were seen open; empty if there is no ingress. */
export async function targets(
  context: DialContext,
  dialled: Dialled,
  details: ContainerDetails,
): Promise<DialTarget[]> {
  const ingress = await ingressOf(context, dialled.service);
  const open = ingress?.state.ports.filter(({ closed }) => !closed) ?? [];
  return targetsOn(
    context,
    dialled,
    details,
    open.map(({ port }) => port),
  );
}

/** The same for the given ports. */
export function targetsOn(
  context: DialContext,
  { service, proxyProtocol }: Dialled,
  { addresses }: ContainerDetails,
  ports: readonly number[],
): DialTarget[] {
  // A replica that has just ended has no address. Its ports are listed, but closed.
  const [network = '', address = ''] = Object.entries(addresses)[0] ?? [];
  const via = async () => (await runningIngress(context, service))?.id;
  const near = () => nearOnce(context, network);
  return ports.map((port) => ({ address, port, near, via, ...(proxyProtocol && { proxyProtocol }) }));
}

/** Decided once per command, because a network does not move. */
function nearOnce({ engine, near }: Pick<DialContext, 'engine' | 'near'>, network: string): Promise<boolean> {
  const known = near.get(network);
  if (known !== undefined) return known;
  const asked = isNear(engine, network);
  near.set(network, asked);
  // Asks again after a failure of the engine.
  asked.catch(() => near.delete(network));
  return asked;
}

/** The first port that may use HTTP. Prefers one set or seen as HTTP. */
export function httpTarget(targets: readonly DialTarget[], known: readonly IngressPort[]): DialTarget | undefined {
  const port = (known.find(isHttp) ?? known.find(({ mode, speaksFirst }) => mode === 'auto' && !speaksFirst))?.port;
  return targets.find((target) => target.port === port) ?? targets[0];
}

/** Whether a port is known to use HTTP. */
export const isHttp = ({ mode, seen }: IngressPort): boolean => mode === 'http' || (mode === 'auto' && seen === 'http');

/** @throws LobbieError `GATE_FAILED` if the container is gone */
export async function inspect({ engine }: Pick<Given, 'engine'>, container: string): Promise<ContainerDetails> {
  const details = await engine.inspectContainer(container);
  if (details === undefined)
    throw new LobbieError('GATE_FAILED', `Container ${container} was removed by someone else.`, {
      hint: 'Deploy again.',
    });
  return details;
}
