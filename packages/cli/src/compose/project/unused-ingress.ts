import { hasIngress, type Service } from '../../model/service.ts';
import type { Reading } from './reading.ts';

/** Warns of what is said of the ingress of a service that gets none. */
export function unusedIngress(service: Service, { extensions, warning }: Reading): void {
  const { name, networkMode, job } = service;
  const said = extensions.get(name)?.ingress;
  if (said === undefined) return;
  const path = `services.${name}.x-lobbie.ingress`;
  if (said.min_requests !== undefined && said.max_error_ratio === undefined)
    warning(`${path}.min_requests`, 'has no effect without max_error_ratio');
  if (hasIngress(service)) return;
  if (job) warning(path, 'has no effect: a job has no ingress');
  else if (networkMode !== undefined)
    warning(path, `has no effect: there is no ingress with network_mode ${networkMode}`);
  else
    warning(
      path,
      'has no effect: a service that publishes no TCP port has no ingress',
      'To have one, name the ports that other services reach in `ports` here.',
    );
}
