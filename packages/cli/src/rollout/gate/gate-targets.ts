import type { ContainerDetails } from '../../model/container.ts';
import { LobbieError } from '../../model/errors.ts';
import type { IngressPort } from '../../model/ingress.ts';
import type { DialInput } from '../../model/step-inputs.ts';
import type { Given } from '../given/given.ts';
import { ingressOf, runningIngress, type SessionContext } from '../ingresses/ingress-container.ts';
import { isNear } from '../observe/is-near.ts';
import type { DialTarget } from './dial.ts';

/** What it takes to reach replicas past their ingress. */
export type DialContext = SessionContext & GateFound;

/** What a rollout finds out about networks. */
export interface GateFound {
  /** By network: whether this machine is on it, see `isNear`. */
  readonly near: Map<string, Promise<boolean>>;
}

/** Whose replicas are reached, and how. */
interface Dialled extends DialInput {
  readonly service: string;
}

/** The ports of a replica on which its ingress listens now and somebody is known to; none where there is no ingress. */
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

/** The same for given ports. */
export function targetsOn(
  context: DialContext,
  { service, proxyProtocol }: Dialled,
  { addresses }: ContainerDetails,
  ports: readonly number[],
): DialTarget[] {
  // One that has just ended has none: its ports are there all the same, and closed.
  const [network = '', address = ''] = Object.entries(addresses)[0] ?? [];
  const via = async () => (await runningIngress(context, service))?.id;
  const near = () => nearOnce(context, network);
  return ports.map((port) => ({ address, port, near, via, ...(proxyProtocol && { proxyProtocol }) }));
}

/** Decided once a command: a network does not move meanwhile. */
function nearOnce({ engine, near }: Pick<DialContext, 'engine' | 'near'>, network: string): Promise<boolean> {
  const known = near.get(network);
  if (known !== undefined) return known;
  const asked = isNear(engine, network);
  near.set(network, asked);
  // An engine that was away for a moment is asked again.
  asked.catch(() => near.delete(network));
  return asked;
}

/** The first one that may speak HTTP: one that the file calls so, or one that was seen to, before others. */
export function httpTarget(targets: readonly DialTarget[], known: readonly IngressPort[]): DialTarget | undefined {
  const port = (known.find(isHttp) ?? known.find(({ mode, speaksFirst }) => mode === 'auto' && !speaksFirst))?.port;
  return targets.find((target) => target.port === port) ?? targets[0];
}

/** Whether a port is known to speak HTTP. */
export const isHttp = ({ mode, seen }: IngressPort): boolean => mode === 'http' || (mode === 'auto' && seen === 'http');

/** @throws LobbieError `GATE_FAILED` when the container is gone */
export async function inspect({ engine }: Pick<Given, 'engine'>, container: string): Promise<ContainerDetails> {
  const details = await engine.inspectContainer(container);
  if (details === undefined)
    throw new LobbieError('GATE_FAILED', `Container ${container} was removed by someone else.`, {
      hint: 'Deploy again.',
    });
  return details;
}
