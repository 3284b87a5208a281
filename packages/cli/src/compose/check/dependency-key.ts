import type { ServiceConfig } from '../service-config.ts';

/** The key that makes a service depend on another: links and shared namespaces do too. */
export function dependencyKey(service: ServiceConfig | undefined, on: string): string[] {
  const shared = (['network_mode', 'ipc', 'pid'] as const).find((key) => service?.[key] === `service:${on}`);
  if (shared !== undefined) return [shared];
  const links = service?.links?.some((link) => link.split(':')[0] === on) === true;
  return links ? ['links'] : ['depends_on', on];
}
