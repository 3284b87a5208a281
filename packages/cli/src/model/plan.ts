import type { IngressState } from './observed.ts';
import type { ReplicaId, Service } from './project.ts';

/** What has to happen, decided before anything happens. An empty plan means that all is as desired. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  readonly id: string;
  /** Steps that have to be done before; steps without an order between them run side by side. */
  readonly after: readonly string[];
  /** Those of `after` without whose success the step would do harm, even where others go on after a failure. */
  readonly needs?: readonly string[];
  readonly step: Step;
}

/** One act on the engine or an ingress, and why. */
export type Step = { readonly reason: string } & (
  | { readonly kind: 'build-image'; readonly image: string }
  | { readonly kind: 'create-network'; readonly name: string }
  | { readonly kind: 'prepare-history'; readonly source: string; readonly service: string }
  | {
      readonly kind: 'create-ingress';
      readonly service: string;
      readonly container: string;
      readonly state: IngressState;
      readonly spec: string;
    }
  | { readonly kind: 'start-ingress'; readonly service: string; readonly container: string }
  | { readonly kind: 'stop-ingress'; readonly service: string; readonly container: string }
  | { readonly kind: 'remove-ingress'; readonly service: string; readonly container: string }
  | {
      readonly kind: 'configure-ingress';
      readonly service: string;
      readonly state: IngressState;
      readonly previous: IngressState;
    }
  | { readonly kind: 'start-replica'; readonly replica: ReplicaId; readonly container: string; readonly spec: string }
  | { readonly kind: 'gate-replica'; readonly replica: ReplicaId; readonly container: string }
  | { readonly kind: 'admit-replica'; readonly replica: ReplicaId; readonly container: string }
  | {
      readonly kind: 'drain-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** It took no requests before: taking the rollout back leaves it drained. */
      readonly idle?: true;
    }
  | {
      readonly kind: 'ask-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly path: string;
      /** The container whose place it takes. */
      readonly replaces?: string;
    }
  | { readonly kind: 'commit-release'; readonly release: string }
  | { readonly kind: 'retire-replica'; readonly replica: ReplicaId; readonly container: string }
  | { readonly kind: 'remove-network'; readonly name: string }
);

export type StepKind = Step['kind'];

/** What a service's users will notice of a plan. */
export interface Impact {
  readonly service: Service['name'];
  readonly notice: string;
}
