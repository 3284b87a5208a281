import type { ContainerSummary, Health } from './container.ts';
import type { IngressState } from './ingress.ts';
import type { AddressPool } from './project.ts';
import type { Release, ReleaseId } from './release.ts';
import type { ReplicaId } from './service.ts';

/** The state of the engine, read once before planning. */
export interface ObservedState {
  readonly replicas: readonly ObservedReplica[];
  readonly ingresses: readonly ObservedIngress[];
  /** Containers of the project that `docker compose up` created. */
  readonly composeContainers: readonly ComposeContainer[];
  /** One sentence for each container that looks like the project's own but is not. */
  readonly posers?: readonly string[];
  /** Names of the project's networks that exist. */
  readonly networks: readonly string[];
  /** By name of these networks, the subnets with addresses that the engine does not assign by itself. */
  readonly pools?: Readonly<Record<string, readonly AddressPool[]>>;
  /** Names of the project's volumes that exist. */
  readonly volumes: readonly string[];
  /** Networks and volumes, such as `network p_default`, that lobbie created from another definition. */
  readonly outdated: readonly string[];
  /** Image id by reference, for images on the engine. */
  readonly images: Readonly<Record<string, string>>;
  /** The last release that was deployed; undefined before the first one and after `down`. */
  readonly current: Release | undefined;
  /** A release that has not ended. If the reader holds the lease, the holder of that release died. */
  readonly unfinished: Release | undefined;
  /**
   * There is an errand, or a lease that never started or has ended. Its owner died. The next holder of the lease
   * removes it.
   */
  readonly leftovers?: boolean;
}

export interface ObservedReplica {
  readonly replica: ReplicaId;
  readonly containerId: string;
  readonly container: string;
  /** The release that created it. Later releases may have kept it. */
  readonly release: ReleaseId;
  /**
   * Whether the last deployed release has it. If not, it comes from a rollout that died, or was not removed in time.
   */
  readonly deployed: boolean;
  readonly specHash: string;
  readonly image: string;
  readonly state: ContainerSummary['state'];
  readonly health: Health;
  /** Exit status; absent while it runs. */
  readonly exitCode?: number;
  /** It was still running when its release was committed. */
  readonly lasting?: true;
  /** Published ports that it holds now. */
  readonly ports?: ContainerSummary['ports'];
  /** By network name, the addresses that it has or will have when it runs. */
  readonly heldAddresses?: ContainerSummary['heldAddresses'];
}

/** A container that `docker compose up` created, recognised by its labels. */
export interface ComposeContainer {
  readonly service: string;
  readonly containerId: string;
  readonly container: string;
  readonly state: ContainerSummary['state'];
  /** Published ports that it holds now. */
  readonly ports?: ContainerSummary['ports'];
  /** By network name, the addresses that it has or will have when it runs. */
  readonly heldAddresses?: ContainerSummary['heldAddresses'];
}

export interface ObservedIngress {
  readonly service: string;
  readonly containerId: string;
  readonly container: string;
  readonly state: ContainerSummary['state'];
  /** As for a replica. */
  readonly deployed: boolean;
  /** See `ingressSpecHash`. If it changes, a new container is needed. */
  readonly specHash: string;
  /** Its configuration on disk; undefined if there is none yet. */
  readonly config: IngressState | undefined;
  /** Published ports that it holds now. */
  readonly ports?: ContainerSummary['ports'];
  /** By network name, the addresses that it has or will have when it runs. */
  readonly heldAddresses?: ContainerSummary['heldAddresses'];
}
