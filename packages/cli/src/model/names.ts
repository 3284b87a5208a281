import { type ReplicaId, replicaName } from './service.ts';

/** Names of what lobbie makes on an engine; all are prefixed with the project. */
export const containerName = (project: string, replica: ReplicaId, release: string): string =>
  `${project}-${replicaName(replica)}-${release}`;

export const ingressName = (project: string, service: string, release: string): string =>
  `${project}-${service}-ingress-${release}`;

/** A name of a service's ingress in its networks that no other container has, and that outlives the container. */
export const ingressAlias = (project: string, service: string): string => `${project}-${service}-ingress`;

/** The volume with the ledger. */
export const ledgerVolumeName = (project: string): string => `${project}_lobbie-ledger`;

export const keeperName = (project: string): string => `${project}-lobbie-keeper`;

export const leaseName = (project: string): string => `${project}-lobbie-lease`;

/** A container for one short act. */
export const errandName = (project: string, suffix: string): string => `${project}-lobbie-errand-${suffix}`;

/**
 * Labels on everything that lobbie makes; what carries none of them it never touches. On a container they prove nothing: see
 * `findContainers`.
 */
export const LABEL = {
  /** Project name. */
  project: 'dev.lobbie.project',
  /** What the object is: `replica`, `ingress`, `keeper`, `lease`, `errand`, `network`, `probe`, `volume`, `files`. */
  role: 'dev.lobbie.role',
  service: 'dev.lobbie.service',
  /** `1`, `2`, … */
  index: 'dev.lobbie.replica',
  release: 'dev.lobbie.release',
  /** Of a volume with configs and secrets: the container that mounts them. */
  container: 'dev.lobbie.container',
  /** Hash of the resolved service: equal hashes need no replacement. */
  spec: 'dev.lobbie.spec',
  /** Of a network: `fixed` where lobbie set the range of the engine, so that the rest is for fixed addresses. */
  addresses: 'dev.lobbie.addresses',
} as const;
