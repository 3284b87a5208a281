import type { Finding, Rule } from './rule.ts';

/** Numbers of replicas that contradict each other, or a name that Docker Compose gives to one container. */
export const replicas: Rule = function* ({ services }) {
  const names = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
    const { scale, deploy, container_name: containerName } = service;
    const [key, count] = scale === undefined ? ['deploy.replicas', deploy?.replicas ?? 1] : ['scale', scale];
    if (scale !== undefined && deploy?.replicas !== undefined && scale !== deploy.replicas) {
      yield at(name, 'scale', `${scale} contradicts deploy.replicas, which is ${deploy.replicas}`);
    }
    if (containerName === undefined) continue;
    if (count > 1) {
      const message = `"${containerName}" can be the name of one container only, and ${key} is ${count}`;
      yield {
        ...at(name, 'container_name', message),
        hint: 'Remove container_name; or say x-lobbie.replicas, for an ingress can hold the name.',
      };
    }
    const other = names.get(containerName);
    if (other !== undefined) yield at(name, 'container_name', `"${containerName}" is also the name of "${other}"`);
    names.set(containerName, other ?? name);
  }
};

const at = (service: string, key: string, message: string): Finding => ({ path: ['services', service, key], message });
