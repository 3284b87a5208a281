import { networkName, type Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import { holdsNames } from '../model/service-names.ts';
import type { GateInput, ReplicaInput } from '../model/step-inputs.ts';
import type { Desired } from './desired.ts';
import { exposedPorts } from './ingress-state.ts';
import { rollingOf } from './rolling-of.ts';

/** The input for creating a replica's container. */
export const replicaInput = (
  service: Service,
  { project, traits }: Pick<Desired, 'project' | 'traits'>,
  { ingressChanges, inherits }: Pick<ReplicaInput, 'ingressChanges' | 'inherits'>,
): ReplicaInput => ({
  service,
  networks: networkNames(service, project),
  links: service.networks.map(() => []),
  imageVolumes: traits[service.name]?.volumes ?? [],
  ...(inherits !== undefined && { inherits }),
  keepsAddress: !service.job && holdsNames(service) && rollingOf(service, traits[service.name]).order !== 'start-first',
  ingressChanges,
});

/** What a replica's gate checks. */
export const gateInput = (service: Service, { project, traits }: Pick<Desired, 'project' | 'traits'>): GateInput => ({
  service,
  exposed: exposedPorts(service, traits[service.name]),
  peers: project.services
    .filter(({ name }) => name !== service.name)
    .map(({ name, containerName, networks, ports, expose }) => ({
      name,
      ...(containerName !== undefined && { containerName }),
      networks,
      ports,
      expose,
    })),
});

/** Names on the engine of a service's networks, in the order of the file. */
export const networkNames = ({ networks }: Service, project: Project): string[] =>
  networks.map(({ key }) => networkName(project.networks, key));
