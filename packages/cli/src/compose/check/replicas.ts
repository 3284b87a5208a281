import type { ServiceConfig } from '../service-config.ts';
import type { Finding, Rule } from './rule.ts';

/** How many replicas a service asks for, and the key that says so. */
export interface Asked {
  readonly count: number;
  readonly key: 'x-lobbie.replicas' | 'scale' | 'deploy.replicas';
}

/** `x-lobbie.replicas` before `scale` before `deploy.replicas`; one where nothing is said. */
export function askedReplicas(service: ServiceConfig): Asked {
  const own = ownReplicas(service);
  if (own !== undefined) return { count: own, key: 'x-lobbie.replicas' };
  if (service.scale !== undefined) return { count: service.scale, key: 'scale' };
  return { count: service.deploy?.replicas ?? 1, key: 'deploy.replicas' };
}

/** Numbers of replicas that contradict each other or a name that only one container can have. */
export const replicas: Rule = function* ({ services }) {
  const names = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
    const { count, key } = askedReplicas(service);
    const { scale, deploy, container_name: containerName } = service;
    if (scale !== undefined && deploy?.replicas !== undefined && scale !== deploy.replicas) {
      yield at(name, 'scale', `${scale} contradicts deploy.replicas, which is ${deploy.replicas}`);
    }
    if (containerName === undefined) continue;
    if (count > 1) {
      const message = `"${containerName}" can be the name of one container only, and ${key} is ${count}`;
      yield { ...at(name, 'container_name', message), hint: `Remove container_name, or let ${key} be 1.` };
    }
    const other = names.get(containerName);
    if (other !== undefined) yield at(name, 'container_name', `"${containerName}" is also the name of "${other}"`);
    names.set(containerName, other ?? name);
  }
};

/** What only one replica can have: a port that no ingress holds, and a static address. */
export const singletons: Rule = function* ({ services }) {
  for (const [name, service] of Object.entries(services)) {
    const { count, key } = askedReplicas(service);
    if (count < 2) continue;
    const port = service.ports?.find((one) => one.protocol !== 'tcp' && /^\d+$/.test(one.published ?? ''));
    if (port !== undefined) {
      const written = `${port.published}/${port.protocol}`;
      yield at(name, 'ports', `only one replica can publish ${written}, and ${key} is ${count}`);
    }
    for (const [network, settings] of Object.entries(service.networks ?? {})) {
      const address = settings?.ipv4_address ?? settings?.ipv6_address;
      if (address === undefined) continue;
      const message = `only one replica can have the address ${address}, and ${key} is ${count}`;
      yield { path: ['services', name, 'networks', network], message };
    }
  }
};

function ownReplicas(service: ServiceConfig): number | undefined {
  const own = service['x-lobbie'];
  if (typeof own !== 'object' || own === null || !('replicas' in own)) return undefined;
  const count = Number(own.replicas);
  return Number.isInteger(count) ? count : undefined;
}

const at = (service: string, key: string, message: string): Finding => ({ path: ['services', service, key], message });
