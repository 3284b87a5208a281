import type { IngressInput } from '../../model/step-inputs.ts';
import type { Given } from '../given/given.ts';

/**
 * Warns where the image of the ingresses exposes ports of its own: the engine adds them to those of the container, and a
 * reverse proxy may take one of them for the service's. lobbie's own image exposes none, one that the user named may.
 */
export async function warnOfExposed(
  { engine, ingressImage, report, clock }: Pick<Given, 'engine' | 'ingressImage' | 'report' | 'clock'>,
  service: string,
  { exposed, isDiscovered }: Pick<IngressInput, 'exposed' | 'isDiscovered'>,
): Promise<void> {
  if (!isDiscovered) return;
  const own = (await engine.inspectImage(ingressImage))?.exposedPorts ?? [];
  const others = own.filter((port) => !exposed.includes(port));
  if (others.length === 0) return;
  const ports = others.length === 1 ? `port ${others[0]}` : `ports ${others.join(', ')}`;
  const message = `The image of the ingresses, ${ingressImage}, exposes ${ports}: a reverse proxy may take that for a port of ${service}. Build the image without EXPOSE, or name the port in the service's labels.`;
  report({ type: 'warning', timeMs: clock.now(), message });
}
