import type { ContainerSummary, Health } from './container.ts';
import type { IngressState } from './ingress.ts';
import type { AddressPool } from './project.ts';
import type { Release, ReleaseId } from './release.ts';
import type { ReplicaId } from './service.ts';

/** What is there, read once before a plan is made. */
export interface ObservedState {
  readonly replicas: readonly ObservedReplica[];
  readonly ingresses: readonly ObservedIngress[];
  /** Containers of the project that `docker compose up` made. */
  readonly formers: readonly FormerContainer[];
  /** A sentence each on containers that look like the project's own, and are not. */
  readonly posers?: readonly string[];
  /** Names of the project's networks that exist. */
  readonly networks: readonly string[];
  /** By name of those networks, the pools with addresses that the engine does not hand out by itself. */
  readonly pools?: Readonly<Record<string, readonly AddressPool[]>>;
  /** Names of the project's volumes that exist. */
  readonly volumes: readonly string[];
  /** Networks and volumes, as in `network p_default`, that lobbie made from another definition than today's. */
  readonly outdated: readonly string[];
  /** Image id by reference, for those that are there. */
  readonly images: Readonly<Record<string, string>>;
  /** The last release that was deployed; undefined before the first and after `down`. */
  readonly current: Release | undefined;
  /** A release that has not ended. Seen by a holder of the lease, its own holder died. */
  readonly unfinished: Release | undefined;
  /** A lease that was never started, or an errand: their maker died, and the next holder of the lease removes them. */
  readonly leftovers?: boolean;
}

export interface ObservedReplica {
  readonly replica: ReplicaId;
  readonly containerId: string;
  readonly container: string;
  /** The one that made it; it may have stayed through later ones. */
  readonly release: ReleaseId;
  /** The release that was deployed last has it; else a rollout that died made it, or one that had no time to remove it. */
  readonly deployed: boolean;
  readonly spec: string;
  readonly image: string;
  readonly state: ContainerSummary['state'];
  readonly health: Health;
  /** Of one that has ended. */
  readonly exitCode?: number;
  /** It still ran when its release was committed. */
  readonly lasting?: true;
  /** Ports of the host that it has now. */
  readonly ports?: ContainerSummary['ports'];
  /** By network name, the addresses that it has or will have once it runs. */
  readonly heldAddresses?: ContainerSummary['heldAddresses'];
}

/** A container that `docker compose up` made, by its labels. */
export interface FormerContainer {
  readonly service: string;
  readonly containerId: string;
  readonly container: string;
  readonly state: ContainerSummary['state'];
  /** Ports of the host that it has now. */
  readonly ports?: ContainerSummary['ports'];
  /** By network name, the addresses that it has or will have once it runs. */
  readonly heldAddresses?: ContainerSummary['heldAddresses'];
}

export interface ObservedIngress {
  readonly service: string;
  readonly containerId: string;
  readonly container: string;
  readonly state: ContainerSummary['state'];
  /** As of a replica. */
  readonly deployed: boolean;
  /** Hash of image, networks and published ports: another one needs another container. */
  readonly spec: string;
  /** What its configuration on disk says; undefined when there is none yet. */
  readonly config: IngressState | undefined;
  /** Ports of the host that it has now. */
  readonly ports?: ContainerSummary['ports'];
  /** By network name, the addresses that it has or will have once it runs. */
  readonly heldAddresses?: ContainerSummary['heldAddresses'];
}
