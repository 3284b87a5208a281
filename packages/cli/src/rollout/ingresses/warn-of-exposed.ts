import type { IngressInput } from '../../model/step-inputs.ts';
import type { GivenUnderLease } from '../given/given.ts';

/**
 * Warns if the ingress image exposes ports: the engine adds them to the container's, and a reverse proxy may mistake
 * one of them for the service's. lobbie's own image exposes none; the user's own image may.
 */
export async function warnOfExposed(
  { engine, ingressImage, report, clock }: Pick<GivenUnderLease, 'engine' | 'ingressImage' | 'report' | 'clock'>,
  service: string,
  { exposed, isDiscovered }: Pick<IngressInput, 'exposed' | 'isDiscovered'>,
): Promise<void> {
  if (!isDiscovered) return;
  const own = (await engine.inspectImage(ingressImage))?.exposedPorts ?? [];
  const others = own.filter((port) => !exposed.includes(port));
  if (others.length === 0) return;
  const ports = others.length === 1 ? `port ${others[0]}` : `ports ${others.join(', ')}`;
  const message = `The ingress image ${ingressImage} exposes ${ports}: a reverse proxy may mistake that for a port of ${service}. Build the image without EXPOSE, or set the port in the service's labels.`;
  report({ type: 'warning', timeMs: clock.now(), message });
}
