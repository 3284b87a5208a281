import type { ImageBuild, ImageTraits } from './image.ts';
import type { IngressState } from './ingress.ts';
import type { Network, Project, Volume } from './project.ts';
import type { ReplicaId, Service } from './service.ts';
import type {
  ConfigureInput,
  DialInput,
  DrainInput,
  GateInput,
  IngressInput,
  NameInput,
  ReplicaInput,
  ResumeInput,
  RetireInput,
  StopInput,
} from './step-inputs.ts';

/**
 * One act on the engine or an ingress, and its reason. A step is complete: acting needs nothing else from the project.
 *
 * `input` contains what the act needs, `undo` what undoing it needs. Both may contain secrets, such as the environment
 * of a container, and are only for the act. Events, `--json` and the text of a plan get a {@link ToldStep}, without
 * them.
 */
export type Step = { readonly reason: string } & (
  | { readonly kind: 'build-image'; readonly image: string; readonly input: { readonly build: ImageBuild } }
  | { readonly kind: 'create-network'; readonly name: string; readonly input: { readonly network: Network } }
  | { readonly kind: 'create-volume'; readonly name: string; readonly input: { readonly volume: Volume } }
  | {
      readonly kind: 'prepare-history';
      readonly source: string;
      readonly service: string;
      /** The old directory of the history. Its entries are copied. */
      readonly from?: string;
      readonly input: Pick<Service, 'image' | 'user'>;
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
      readonly input: IngressInput;
    }
  | {
      readonly kind: 'start-ingress';
      readonly service: string;
      readonly container: string;
      /** Its new name: the file's `container_name`. */
      readonly named?: string;
      readonly input: NameInput;
    }
  | { readonly kind: 'stop-ingress'; readonly service: string; readonly container: string; readonly undo: NameInput }
  | { readonly kind: 'remove-ingress'; readonly service: string; readonly container: string }
  | {
      readonly kind: 'configure-ingress';
      readonly service: string;
      readonly state: IngressState;
      readonly previous: IngressState;
      readonly input: ConfigureInput;
      readonly undo: ConfigureInput;
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
      readonly input: DialInput;
      readonly undo: ConfigureInput;
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
      readonly input: ReplicaInput;
      readonly undo: RetireInput;
    }
  | {
      /** Starts a replica's container. Creates it if no step has. */
      readonly kind: 'start-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly spec: string;
      readonly viaIngress?: readonly string[];
      readonly input: ReplicaInput;
      readonly undo: RetireInput;
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
      readonly input: GateInput;
      readonly undo: ConfigureInput;
    }
  | {
      readonly kind: 'admit-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly undo: DrainInput;
    }
  | {
      /** Waits while the replica must stay up. */
      readonly kind: 'watch-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly monitorMs: number;
      readonly input: GateInput;
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
      readonly input: DrainInput;
    }
  | {
      /** Stops the old container of a stop-first service. The container is kept until the release is committed. */
      readonly kind: 'stop-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      /** An undo starts it again before its replacement is removed, because both may run at once. */
      readonly beside?: true;
      readonly input: StopInput;
      readonly undo: ResumeInput;
    }
  | {
      /** Starts a container again that was stopped for its successor, and restores its restart policy. */
      readonly kind: 'resume-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly input: ResumeInput;
    }
  | {
      /** Runs a job to its end. An exit status other than 0 is a failure. */
      readonly kind: 'run-job';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly spec: string;
      readonly viaIngress?: readonly string[];
      readonly input: ReplicaInput;
      readonly undo: RetireInput;
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
      readonly input: DialInput;
    }
  /** Stops a container that `docker compose up` created, to take over its place. */
  | { readonly kind: 'stop-former'; readonly service: string; readonly container: string; readonly input: StopInput }
  | { readonly kind: 'start-former'; readonly service: string; readonly container: string }
  | { readonly kind: 'remove-former'; readonly service: string; readonly container: string }
  | {
      readonly kind: 'commit-release';
      readonly release: string;
      /** The containers that stay, by their names in the plan. */
      readonly containers: readonly string[];
      readonly input: CommitInput;
    }
  | {
      readonly kind: 'retire-replica';
      readonly replica: ReplicaId;
      readonly container: string;
      readonly input: RetireInput;
    }
  | { readonly kind: 'remove-network'; readonly name: string }
);

export type StepKind = Step['kind'];

/** What the commit records. */
export interface CommitInput {
  readonly project: Project;
  readonly traits: Readonly<Record<string, ImageTraits>>;
  /** The directory that the history has moved from. Absent: it did not move. */
  readonly historyFrom?: string;
}

type Without<S, Keys extends string> = S extends unknown ? Omit<S, Keys> : never;

/** The part of a step that people and `--json` see. */
export type ToldStep = Without<Step, 'input' | 'undo'>;

/** A step that can be done. */
export type ActStep = Without<Step, 'undo'>;

/** A step of one kind, as it is done. */
export type ActOf<K extends StepKind> = Extract<ActStep, { kind: K }>;

/** A step that can be undone. */
export type BegunStep = Without<Step, 'input'>;

/** The reported part of a step, without the parts that may contain secrets. */
export function toldStep(step: ToldStep): ToldStep {
  const { input: _input, undo: _undo, ...told } = step as ToldStep & { input?: unknown; undo?: unknown };
  // The cast is safe: without these keys, a step of a kind is the reported step of that kind.
  return told as ToldStep;
}
