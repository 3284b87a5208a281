import type { IngressPort } from '../../model/ingress.ts';
import { ingressOf, type SessionContext } from '../ingresses/ingress-container.ts';
import { listenOn } from './listen-as-found.ts';

/**
 * Has the ingress of a service listen on further ports for its own replicas alone: what they send to the service's name
 * comes back to them, also before they work. Anybody else is refused there until a gate has passed.
 */
export async function listenEarly(context: SessionContext, service: string, ports: readonly number[]): Promise<void> {
  const known = (await ingressOf(context, service))?.state.ports;
  if (known === undefined) return;
  const added = ports.filter((port) => known.every((one) => one.port !== port));
  if (added.length === 0) return;
  const early = added.map((port): IngressPort => ({ port, mode: 'auto', unseen: true, closed: true }));
  await listenOn(context, service, [...known, ...early]);
}
