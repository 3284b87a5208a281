import type { IngressState } from './ingress.ts';
import type { ReplicaId, Service } from './service.ts';

/** What has to happen, decided before anything happens. No steps mean that all is as desired. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /**
   * What rollouts that died have done since the last release, as the steps that did it. Steps may come `after` them, and
   * they are taken back with this rollout, so that it goes back to what was deployed.
   */
  readonly done?: readonly PlannedStep[];
  /** Services that call another one whose address changes: they are replaced, unless they mount data. */
  readonly readdressed?: readonly Readdressed[];
  /** Services that run and that the project no longer has; left alone unless they were to be removed. */
  readonly orphans: readonly string[];
}

export interface Readdressed {
  readonly service: string;
  readonly calls: string;
  readonly replaced: boolean;
}

export interface PlannedStep {
  readonly id: string;
  /** Steps that have to be done before; steps without an order between them run side by side. */
  readonly after: readonly string[];
  /** Those of `after` without whose success the step would do harm, even where others go on after a failure. */
  readonly needs?: readonly string[];
  /** The replica whose place it fills or clears, such as `api-2`; what is spared or taken back alone. */
  readonly place?: string;
  /** What a failure means where it does not take the whole rollout back. */
  readonly onFailure?: FailureRule;
  readonly step: Step;
}

/** `deploy.update_config.failure_action` and `max_failure_ratio`, per service. */
export interface FailureRule {
  readonly service: string;
  /** So many places of the service may fail: each is taken back by itself, and the rollout goes on. */
  readonly spare: number;
  /** When more have failed: everything is taken back, or the rollout stops where it is. */
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
      /** The directory that the history moves from: its entries are copied. */
      readonly from?: string;
    }
  /** Removes what was copied from the directory that the history has moved from. */
  | { readonly kind: 'leave-history'; readonly from: string; readonly source: string }
  | {
      readonly kind: 'create-ingress';
      readonly service: string;
      readonly container: string;
      /** The name it has once it is started: the file's `container_name`. */
      readonly named?: string;
      readonly state: IngressState;
      readonly spec: string;
    }
  | {
      readonly kind: 'start-ingress';
      readonly service: string;
      readonly container: string;
      /** The name it has from then on: the file's `container_name`. */
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
      /** Tells connections by their first bytes again on ports where the new replicas no longer speak first. */
      readonly kind: 'settle-ports';
      readonly service: string;
      readonly replica: ReplicaId;
      readonly container: string;
      readonly ports: readonly number[];
      /** What the ingress was told before. */
      readonly previous: IngressState;
    }
  | {
      /** Removes an ingress behind which no port was found to listen, and that nobody names. */
      readonly kind: 'withdraw-ingress';
      readonly service: string;
      readonly container: string;
    }
  | {
      /** Makes the container of a stop-first replica, so that the pause is only a start. */
      readonly kind: 'create-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly spec: string;
      /** Services whose name leads this container to their ingress, while other containers have the name too. */
      readonly viaIngress?: readonly string[];
      /** The container whose anonymous volumes it takes over. */
      readonly inherits?: string;
    }
  | {
      /** Starts a replica's container; makes it where no step did. */
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
      /** What the ingress is told before: it is told what the gate finds out about the ports. */
      readonly previous?: IngressState;
      /** How long a container without a healthcheck has to stay up before it passes; absent: not at all. */
      readonly monitorMs?: number;
      /** Others share its network and start after it: a later gate asks for its ports. */
      readonly lends?: true;
      /** The services that share its network and may be the ones that listen on its ports. */
      readonly sharedBy?: readonly string[];
    }
  | { readonly kind: 'admit-replica'; readonly replica: ReplicaId; readonly container: string }
  | {
      /** It has to stay up for so long. */
      readonly kind: 'watch-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly monitorMs: number;
    }
  | {
      /** Of its answers no larger share may be 5xx than allowed, or than before. */
      readonly kind: 'watch-answers';
      readonly service: string;
      readonly monitorMs: number;
      /** 0 to 1 */
      readonly maxErrorRatio: number;
      /** With fewer requests in that time nothing is decided. */
      readonly minRequests: number;
    }
  | {
      readonly kind: 'drain-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** It took no requests before: taking the rollout back leaves it drained. */
      readonly idle?: true;
    }
  | {
      /** Stops the old container of a stop-first service; kept until the release is committed. */
      readonly kind: 'stop-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** Taking the rollout back, it serves again before those in its stead go: two of its kind may run at once. */
      readonly beside?: true;
    }
  | {
      /** Starts a container again that was stopped for its successor, with the restart policy it had. */
      readonly kind: 'resume-replica';
      readonly replica: ReplicaId;
      readonly container: string;
    }
  | {
      /** Runs a one-shot service to its end; an exit status other than 0 is a failure. */
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
      /** The container whose place it takes. */
      readonly replaces?: string;
    }
  /** Of a container that `docker compose up` made: taken over from. */
  | { readonly kind: 'stop-former'; readonly service: string; readonly container: string }
  | { readonly kind: 'start-former'; readonly service: string; readonly container: string }
  | { readonly kind: 'remove-former'; readonly service: string; readonly container: string }
  | {
      readonly kind: 'commit-release';
      readonly release: string;
      /** Those of the containers that stay, by the plan's names. */
      readonly containers: readonly string[];
    }
  | { readonly kind: 'retire-replica'; readonly replica: ReplicaId; readonly container: string }
  | { readonly kind: 'remove-network'; readonly name: string }
);

export type StepKind = Step['kind'];

/** What a service's users will notice of a plan. */
export interface Impact {
  readonly service: Service['name'];
  /** `nothing`, `a pause of about 2 s (stop-first: volume data)`, … */
  readonly notice: string;
  /** What differs from the deployed release, a line each: `environment.LOG_LEVEL: "info" → "debug"`. */
  readonly changes: readonly string[];
  /** In one line, how to avoid a gap or a pause; absent where there is none, or it comes only this once. */
  readonly advice?: string;
  /** In one line, where reverse proxies find it; absent where none looks for it. */
  readonly discovered?: string;
}
