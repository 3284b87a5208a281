import type { LimitFunction } from 'p-limit';
import type { Ingress } from '../ingress/open-ingress.ts';
import type { Keeper } from '../ledger/keeper.ts';
import type { Lease } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../model/clock.ts';
import type { Engine, EngineInfo } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { Event, Report } from '../model/events.ts';
import type { ImageBuild, ImageTraits } from '../model/image.ts';
import type { IngressCounters, IngressState } from '../model/ingress.ts';
import type { Origin } from '../model/origin.ts';
import type { Step } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { ReleaseId } from '../model/release.ts';
import type { Service } from '../model/service.ts';
import type { FilesContext } from './files/service-files.ts';
import type { GateEvents } from './gate/gate-events.ts';
import type { AddressBook } from './ingresses/fix-addresses.ts';
import type { AnswerCount } from './record/answer-count.ts';

/** What a command runs with: the engine and all that the process would otherwise reach for by itself. */
export interface Surroundings {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly report: Report;
  /** Aborts with a LobbieError (`INTERRUPTED`, `TERMINATED`) when the user ends the command. */
  readonly signal: AbortSignal;
  /** A fresh release id. */
  readonly newRelease: () => ReleaseId;
  /** Who runs this, for the lease: `user@host, lobbie deploy`. */
  readonly holder: string;
  /** The ingress image's Dockerfile and its base. */
  readonly ingressBuild: Pick<ImageBuild, 'context' | 'dockerfile' | 'args'>;
  /** LOBBIE_INGRESS_IMAGE: taken as it is, in place of one that is built. */
  readonly namedIngressImage?: string;
  /** Replaces the deadline of every gate, in milliseconds. */
  readonly gateTimeoutMs?: number;
}

/** As much of a step as says which container to make. */
export type Creation = Pick<
  Extract<Step, { kind: 'create-replica' }>,
  'replica' | 'container' | 'spec' | 'inherits' | 'viaIngress'
>;

/** All that a rollout's acts need. */
export interface RolloutContext extends Surroundings, FilesContext {
  readonly project: Project;
  /** The directory that the history moves from; absent: it stays. */
  readonly historyFrom?: string;
  /** Where it is deployed from; absent: as the release before. */
  readonly origin?: Origin;
  readonly release: ReleaseId;
  readonly ledger: Ledger;
  readonly keeper: Keeper;
  readonly lease: Lease;
  readonly info: EngineInfo;
  readonly ingressImage: string;
  /** What to do for each image that has to be built. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
  readonly gateEvents: GateEvents;
  /** Healthchecks of all replicas share the engine's cores. */
  readonly checks: LimitFunction;
  /** Open sessions by service; those of `ingressOf`. */
  readonly sessions: Map<string, Promise<Ingress>>;
  /** What each service's image says of itself, by service name. */
  readonly traits: Readonly<Record<string, ImageTraits>>;
  /** By container id, what those ingresses are told that this rollout has not opened yet. */
  readonly told: Map<string, IngressState>;
  /** By service, what ingresses that stopped had counted: the next one begins at 0. */
  readonly carried: Map<string, IngressCounters>;
  /** Of the rollout, while it is carried out. */
  readonly answers?: AnswerCount;
  readonly addresses: AddressBook;
  /** Ids, by the names they had when the plan was made, of what may be given another name on the way. */
  readonly ids: ReadonlyMap<string, string>;
  /** Ids, by the plan's names, of the containers that this rollout has made so far. */
  readonly made: Map<string, string>;
  /** What was to be made ahead of its start and could not be, by the plan's names. */
  readonly postponed: Map<string, Creation>;
  /** Services whose running ingress this rollout stops for another one. */
  readonly changesHands: ReadonlySet<string>;
  /** By network, whether this machine is on it; see `isNear`. */
  readonly near: Map<string, Promise<boolean>>;
  /** Services whose ingress went again, for nothing listened behind it. */
  readonly withdrawn: Set<string>;
  /** Everything that was reported since the command began; grows on. */
  readonly events: readonly Event[];
}

/** The service as it is rolled out, or, where the project no longer has it, as it was deployed last. */
export const knownService = (
  { project, ledger }: Pick<RolloutContext, 'project' | 'ledger'>,
  name: string,
): Service | undefined =>
  [...project.services, ...(ledger.state.current?.project.services ?? [])].find((one) => one.name === name);

/** The service of that name in the project that is rolled out. */
export function serviceOf({ project }: { project: Project }, name: string): Service {
  const service = project.services.find((one) => one.name === name);
  if (service === undefined) throw new LobbieError('USAGE', `Project ${project.name} has no service ${name}.`);
  return service;
}
