import type { ServiceConfig } from '../service-config.ts';
import type { Finding, Rule } from './rule.ts';

/** How many replicas a service asks for, and the key that says so. */
interface Asked {
  readonly count: number;
  readonly key: 'x-lobbie.replicas' | 'scale' | 'deploy.replicas';
}

/** `x-lobbie.replicas` before `scale` before `deploy.replicas`; one where nothing is said. */
function askedReplicas(service: ServiceConfig): Asked {
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

function ownReplicas(service: ServiceConfig): number | undefined {
  const own = service['x-lobbie'];
  if (typeof own !== 'object' || own === null || !('replicas' in own)) return undefined;
  const count = Number(own.replicas);
  return Number.isInteger(count) ? count : undefined;
}

const at = (service: string, key: string, message: string): Finding => ({ path: ['services', service, key], message });
