import type { IngressState } from './ingress.ts';
import type { ReplicaId, Service } from './service.ts';

/** What to do, decided before anything is done. A plan without steps means that everything is as desired. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /**
   * The steps of rollouts that died since the last release. New steps may come `after` them. An undo of this rollout
   * also
   * undoes them, so that it returns to the deployed release.
   */
  readonly done?: readonly PlannedStep[];
  /** Services that call a service whose address changes. They are replaced, unless they mount data. */
  readonly readdressed?: readonly Readdressed[];
  /** Services that run but are no longer in the project. Kept unless the user asked to remove them. */
  readonly orphans: readonly string[];
}

export interface Readdressed {
  readonly service: string;
  readonly calls: string;
  readonly replaced: boolean;
}

export interface PlannedStep {
  readonly id: string;
  /** Steps that must be done first. Steps without an order between them run at the same time. */
  readonly after: readonly string[];
  /** The steps in `after` that must have succeeded, even if the rollout continues after failures. */
  readonly needs?: readonly string[];
  /** The replica whose place the step fills or clears, such as `api-2`. A place is kept or undone as a whole. */
  readonly place?: string;
  /** What a failure means if it does not undo the whole rollout. */
  readonly onFailure?: FailureRule;
  readonly step: Step;
}

/** `deploy.update_config.failure_action` and `max_failure_ratio`, per service. */
export interface FailureRule {
  readonly service: string;
  /** How many places of the service may fail. Each is undone by itself, and the rollout continues. */
  readonly spare: number;
  /** If more fail: undo everything, or stop the rollout as it is. */
  readonly then: 'undo' | 'pause';
}

/** One act on the engine or an ingress, and why. */
export type Step = { readonly reason: string } & (
  | { readonly kind: 'build-image'; readonly image: string }
  | { readonly kind: 'create-network'; readonly name: string }
  | { readonly kind: 'create-volume'; readonly name: string }
  | {
      readonly kind: 'prepare-history';
      readonly source: string;
      readonly service: string;
      /** The old directory of the history. Its entries are copied. */
      readonly from?: string;
    }
  /** Removes the copied entries from the old directory of the history. */
  | { readonly kind: 'leave-history'; readonly from: string; readonly source: string }
  | {
      readonly kind: 'create-ingress';
      readonly service: string;
      readonly container: string;
      /** Its name once it has started: the file's `container_name`. */
      readonly named?: string;
      readonly state: IngressState;
      readonly spec: string;
    }
  | {
      readonly kind: 'start-ingress';
      readonly service: string;
      readonly container: string;
      /** Its new name: the file's `container_name`. */
      readonly named?: string;
    }
  | { readonly kind: 'stop-ingress'; readonly service: string; readonly container: string }
  | { readonly kind: 'remove-ingress'; readonly service: string; readonly container: string }
  | {
      readonly kind: 'configure-ingress';
      readonly service: string;
      readonly state: IngressState;
      readonly previous: IngressState;
    }
  | {
      /** Detects protocols by their first bytes again on ports where the new replicas no longer send first. */
      readonly kind: 'settle-ports';
      readonly service: string;
      readonly replica: ReplicaId;
      readonly container: string;
      readonly ports: readonly number[];
      /** The state of the ingress before. */
      readonly previous: IngressState;
    }
  | {
      /** Removes an ingress if no port behind it listens and no other service names it. */
      readonly kind: 'withdraw-ingress';
      readonly service: string;
      readonly container: string;
    }
  | {
      /** Creates the container of a stop-first replica ahead of time, so that the pause is only a start. */
      readonly kind: 'create-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly spec: string;
      /** Services whose name leads this container to their ingress while other containers also have the name. */
      readonly viaIngress?: readonly string[];
      /** The container whose anonymous volumes it inherits. */
      readonly inherits?: string;
    }
  | {
      /** Starts a replica's container. Creates it if no step has. */
      readonly kind: 'start-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly spec: string;
      readonly viaIngress?: readonly string[];
    }
  | {
      readonly kind: 'gate-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** The state of the ingress before. The gate adds what it finds out about the ports. */
      readonly previous?: IngressState;
      /** How long a container without a healthcheck must stay up to pass; absent: not checked. */
      readonly monitorMs?: number;
      /** Other services share its network and start after it. A later gate checks its ports. */
      readonly lends?: true;
      /** The services that share its network and may listen on its ports. */
      readonly sharedBy?: readonly string[];
    }
  | { readonly kind: 'admit-replica'; readonly replica: ReplicaId; readonly container: string }
  | {
      /** Waits while the replica must stay up. */
      readonly kind: 'watch-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly monitorMs: number;
    }
  | {
      /** Checks that the share of 5xx answers is not higher than allowed, nor higher than before. */
      readonly kind: 'watch-answers';
      readonly service: string;
      readonly monitorMs: number;
      /** 0 to 1 */
      readonly maxErrorRatio: number;
      /** With fewer requests in that time, the step passes. */
      readonly minRequests: number;
    }
  | {
      readonly kind: 'drain-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** It got no requests before. An undo leaves it drained. */
      readonly idle?: true;
    }
  | {
      /** Stops the old container of a stop-first service. The container is kept until the release is committed. */
      readonly kind: 'stop-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** An undo lets it serve again before its replacement goes: two of its kind may run at once. */
      readonly beside?: true;
    }
  | {
      /** Starts a container again that was stopped for its successor, and restores its restart policy. */
      readonly kind: 'resume-replica';
      readonly replica: ReplicaId;
      readonly container: string;
    }
  | {
      /** Runs a job to its end. An exit status other than 0 is a failure. */
      readonly kind: 'run-job';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly spec: string;
      readonly viaIngress?: readonly string[];
    }
  | {
      /** `deploy.update_config.delay` */
      readonly kind: 'wait';
      readonly service: string;
      readonly delayMs: number;
    }
  | {
      readonly kind: 'ask-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly path: string;
      /** The container that it replaces. */
      readonly replaces?: string;
    }
  /** Stops a container that `docker compose up` created, to take over its place. */
  | { readonly kind: 'stop-former'; readonly service: string; readonly container: string }
  | { readonly kind: 'start-former'; readonly service: string; readonly container: string }
  | { readonly kind: 'remove-former'; readonly service: string; readonly container: string }
  | {
      readonly kind: 'commit-release';
      readonly release: string;
      /** The containers that stay, by their names in the plan. */
      readonly containers: readonly string[];
    }
  | { readonly kind: 'retire-replica'; readonly replica: ReplicaId; readonly container: string }
  | { readonly kind: 'remove-network'; readonly name: string }
);

export type StepKind = Step['kind'];

/** What users of a service will notice. */
export interface Impact {
  readonly service: Service['name'];
  /** `nothing`, `a pause of about 2 s (stop-first: volume data)`, … */
  readonly notice: string;
  /** Differences from the deployed release, one a line: `environment.LOG_LEVEL: "info" → "debug"`. */
  readonly changes: readonly string[];
  /** How to avoid a gap or a pause, on one line; absent if there is none, or if it happens only this once. */
  readonly advice?: string;
  /** Where reverse proxies find the service, on one line; absent if none looks for it. */
  readonly discovered?: string;
}
