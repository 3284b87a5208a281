import { type ReplicaId, replicaName } from './service.ts';

/** Names of the objects that lobbie creates on an engine. All begin with the project's name. */
export const containerName = (project: string, replica: ReplicaId, release: string): string =>
  `${project}-${replicaName(replica)}-${release}`;

export const ingressName = (project: string, service: string, release: string): string =>
  `${project}-${service}-ingress-${release}`;

/** A name for a service's ingress that is unique in its networks and that its next container keeps. */
export const ingressAlias = (project: string, service: string): string => `${project}-${service}-ingress`;

/** The volume that holds the ledger. */
export const ledgerVolumeName = (project: string): string => `${project}_lobbie-ledger`;

export const keeperName = (project: string): string => `${project}-lobbie-keeper`;

export const leaseName = (project: string): string => `${project}-lobbie-lease`;

/** A container that does one short task. */
export const errandName = (project: string, suffix: string): string => `${project}-lobbie-errand-${suffix}`;

/**
 * Labels on everything that lobbie creates. lobbie never touches anything without them. On a container the labels alone
 * prove nothing: see `findContainers`.
 */
export const LABEL = {
  /** Project name. */
  project: 'dev.lobbie.project',
  /** Kind of object: `replica`, `ingress`, `keeper`, `lease`, `errand`, `network`, `probe`, `volume`, `files`. */
  role: 'dev.lobbie.role',
  service: 'dev.lobbie.service',
  /** `1`, `2`, … */
  index: 'dev.lobbie.replica',
  release: 'dev.lobbie.release',
  /** On a volume with configs and secrets: the container that mounts it. */
  container: 'dev.lobbie.container',
  /** Hash of the resolved service. If it is the same, the container need not be replaced. */
  spec: 'dev.lobbie.spec',
  /** On a network: `fixed` if lobbie limited the engine to a range, which leaves the rest for fixed addresses. */
  addresses: 'dev.lobbie.addresses',
} as const;
