import type { SlotFill } from '../model/ingress.ts';
import type { ObservedReplica } from '../model/observed.ts';
import type { ReleaseId } from '../model/release.ts';
import type { ReplicaId, RolloutOrder, Service } from '../model/service.ts';

/** What the slots of a service's ingress hold; undefined where it has none. */
export type Slots = readonly (SlotFill | null)[] | undefined;

/** One replica: the container that stays, if one does, and those that go. */
export interface Place {
  readonly replica: ReplicaId;
  readonly keep: ObservedReplica | undefined;
  /** What serves comes first. */
  readonly old: readonly ObservedReplica[];
  /** Why a new container is needed; undefined where `keep` fills the place. */
  readonly change: string | undefined;
}

/** What decides about the places of one service. */
export interface PlaceRules {
  readonly service: Service;
  readonly order: RolloutOrder;
  readonly specHash: string;
  /** The hash should a build to come give the image that is there. */
  readonly sameImageHash?: string | undefined;
  readonly slots: Slots;
  /** A release whose rollout died: what it was about to replace may have been drained, or not be started again. */
  readonly unfinished: ReleaseId | undefined;
  /** Why every container is replaced, whatever it is like. */
  readonly renew: string | undefined;
  /** In a few words, what is different in the file. */
  readonly changed: string;
}

/** Decides which container fills a place: one that fits and works, or a new one. */
export function placeOf(replica: ReplicaId, here: readonly ObservedReplica[], rules: PlaceRules): Place {
  // What serves is kept before what does not: after a rollout that died there may be two of one kind.
  const ranked = here.toSorted((a, b) => rank(b, rules) - rank(a, rules));
  const fit = ranked.find((one) => one.specHash === rules.specHash && works(one, rules));
  const keep = rules.renew === undefined ? fit : undefined;
  const change = keep ? undefined : whyNew(ranked[0], rules);
  return { replica, keep, old: ranked.filter((one) => one !== keep), change };
}

/** Of what happens to a service whose image is still to be built. */
export const UNLESS_SAME = 'unless the build gives the same image';

/** Whether the ingress knows the container. */
export const isIn = (slots: Slots, { container }: ObservedReplica): boolean =>
  slots?.some((slot) => slot?.container === container) ?? false;

/** Whether the ingress sends it requests. */
export const isReady = (slots: Slots, { container }: ObservedReplica): boolean =>
  slots?.some((slot) => slot?.container === container && slot.state === 'ready') ?? false;

/** Whether the container has shown that it works: it serves, or its rollout ended well. */
export const hasPassed = (one: ObservedReplica, slots: Slots): boolean =>
  slots === undefined ? one.deployed : isReady(slots, one);

/**
 * Whether it has done what it was meant to do, and was not meant to go on. Where the file says nothing of restarts, what
 * passed its gate and still ran was: it may have ended with the engine.
 */
export const isCompleted = (
  { state, exitCode, lasting }: ObservedReplica,
  { restart, restartUnsaid }: Service,
  slots: Slots,
): boolean =>
  slots === undefined && restart.name === 'no' && state === 'exited' && exitCode === 0 && !(restartUnsaid && lasting);

/** Whether it does what it is there for, as far as that shows without a gate. */
export const works = (one: ObservedReplica, { service, slots }: Pick<PlaceRules, 'service' | 'slots'>): boolean =>
  (one.state === 'running' && one.health !== 'unhealthy') || isCompleted(one, service, slots);

const rank = (one: ObservedReplica, { slots }: PlaceRules): number =>
  (isReady(slots, one) ? 2 : 0) + (one.state === 'running' ? 1 : 0);

function whyNew(old: ObservedReplica | undefined, rules: PlaceRules): string {
  const { specHash, sameImageHash, changed, renew } = rules;
  if (old === undefined) return 'does not exist yet';
  if (renew !== undefined) return renew;
  if (works(old, rules) && old.specHash === sameImageHash) return UNLESS_SAME;
  if (old.specHash !== specHash) return changed;
  return old.state === 'running' ? `${old.container} is ${old.health}` : `${old.container} is ${old.state}`;
}
