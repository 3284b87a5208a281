import type { Project } from '../../model/project.ts';
import type { Service } from '../../model/service.ts';
import { dependenciesOf, lendersOf } from '../../plan/dependencies.ts';

/**
 * The project to deploy: everything new, or only the services that may change, with the others as deployed.
 */
export function projectOf(wanted: Project, only: readonly string[] | undefined, current: Project | undefined): Project {
  if (only === undefined) return wanted;
  const services = wanted.services.flatMap((service): Service[] => {
    if (only.includes(service.name)) return [service];
    const deployed = current?.services.find(({ name }) => name === service.name);
    return deployed === undefined ? [] : [deployed];
  });
  const left = wanted.services.filter((service) => !services.some(({ name }) => name === service.name));
  // A history moves only with the services that write to it. If these stay as they are, it stays too.
  const histories = [wanted.history, current?.history].filter((one) => one !== undefined);
  const history = histories.find(({ source }) => services.some((service) => mounts(service, source))) ?? histories[0];
  return {
    ...wanted,
    services,
    networks: union(wanted.networks, current?.networks ?? []).filter(({ key }) =>
      services.some((service) => service.networks.some((network) => network.key === key)),
    ),
    volumes: union(wanted.volumes, current?.volumes ?? []).filter(({ name }) =>
      services.some(({ mounts }) => mounts.some((mount) => mount.kind === 'volume' && mount.source === name)),
    ),
    inactive: [...wanted.inactive, ...left.map(({ name }) => name)],
    ...(history && { history }),
  };
}

const mounts = (service: Service, source: string): boolean =>
  service.mounts.some((mount) => mount.kind === 'bind' && mount.source === source);

/** Services, their dependencies, and services that share namespaces with these, in the order of the project. */
export function withDependencies(project: Project, names: readonly string[]): string[] {
  const wanted = new Set<string>();
  const visit = (name: string): void => {
    const service = project.services.find((one) => one.name === name);
    if (service === undefined || wanted.has(name)) return;
    wanted.add(name);
    for (const dependency of dependenciesOf(service)) visit(dependency.service);
    // A service that shares namespaces with a replaced container must be replaced too.
    for (const one of project.services) if (lendersOf(one).includes(name)) visit(one.name);
  };
  for (const name of names) visit(name);
  return project.services.map(({ name }) => name).filter((name) => wanted.has(name));
}

const union = <T extends { readonly key: string }>(first: readonly T[], second: readonly T[]): T[] => [
  ...first,
  ...second.filter(({ key }) => !first.some((one) => one.key === key)),
];
