import type { Finding, Rule } from './rule.ts';

/** Numbers of replicas that differ, and container names that two containers would have. */
export const replicas: Rule = function* ({ services }) {
  const names = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
    const { scale, deploy, container_name: containerName } = service;
    const [key, count] = scale === undefined ? ['deploy.replicas', deploy?.replicas ?? 1] : ['scale', scale];
    if (scale !== undefined && deploy?.replicas !== undefined && scale !== deploy.replicas) {
      const message = `${scale} differs from deploy.replicas, which is ${deploy.replicas}`;
      yield { ...at(name, 'scale', message), hint: 'Set only deploy.replicas.' };
    }
    if (containerName === undefined) continue;
    if (count > 1) {
      const message = `"${containerName}" can be the name of one container only, and ${key} is ${count}`;
      yield {
        ...at(name, 'container_name', message),
        hint: 'Remove container_name, or set x-lobbie.replicas instead: the ingress holds the name.',
      };
    }
    const other = names.get(containerName);
    if (other !== undefined)
      yield at(name, 'container_name', `the service "${other}" already has the name "${containerName}"`);
    names.set(containerName, other ?? name);
  }
};

const at = (service: string, key: string, message: string): Finding => ({ path: ['services', service, key], message });
