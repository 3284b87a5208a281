import { mayHaveIngress, type Service } from '../../model/service.ts';
import type { Reading } from './reading.ts';

/** Warns about ingress settings of a service that cannot have an ingress. */
export function unusedIngress(service: Service, { extensions, warning }: Reading): void {
  const { name, networkMode, job, ingress } = service;
  const said = extensions.get(name)?.ingress;
  if (said === undefined) return;
  const path = `services.${name}.x-lobbie.ingress`;
  if (ingress.minRequests !== undefined && ingress.maxErrorRatio === undefined)
    warning(`${path}.min_requests`, 'has no effect without max_error_ratio');
  if (ingress.wanted === false || mayHaveIngress(service)) return;
  warning(
    path,
    `has no effect: ${job ? 'a job has no ingress' : `there is no ingress with network_mode ${networkMode}`}`,
  );
}
