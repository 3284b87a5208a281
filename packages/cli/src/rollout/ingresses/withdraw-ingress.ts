import { type IngressContext, ingressOf, removeIngress } from './ingress-container.ts';

/**
 * Removes the new ingress of a service of which nothing was known, where none of its replicas listens on a port: a
 * worker needs none. With a port the ingress stays.
 */
export async function withdrawIngress(context: IngressContext, service: string, container: string): Promise<void> {
  const ingress = await ingressOf(context, service);
  if (ingress?.state.ports.some(({ unseen, closed }) => !unseen && !closed)) return;
  await removeIngress(context, service, container);
  context.withdrawn.add(service);
}
