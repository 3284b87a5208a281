import type { SlotFill } from '../model/ingress.ts';
import type { ObservedReplica } from '../model/observed.ts';
import type { ReleaseId } from '../model/release.ts';
import type { ReplicaId, RolloutOrder, Service } from '../model/service.ts';

/** The content of an ingress's slots; undefined if the service has no ingress. */
export type Slots = readonly (SlotFill | null)[] | undefined;

/** One replica: the container that stays, if any, and the containers that go. */
export interface Place {
  readonly replica: ReplicaId;
  readonly keep: ObservedReplica | undefined;
  /** Serving containers come first. */
  readonly old: readonly ObservedReplica[];
  /** Why a new container is needed; undefined if `keep` fills the place. */
  readonly change: string | undefined;
}

/** The facts that decide the places of one service. */
export interface PlaceRules {
  readonly service: Service;
  readonly order: RolloutOrder;
  readonly specHash: string;
  /** The hash if the coming build gives the existing image. */
  readonly sameImageHash?: string | undefined;
  readonly slots: Slots;
  /**
   * A release whose rollout died. Containers that it was replacing may be drained or have lost their restart policy.
   */
  readonly unfinished: ReleaseId | undefined;
  /** Why every container is replaced, in any state. */
  readonly renew: string | undefined;
  /** In a few words, what has changed in the file. */
  readonly changed: string;
}

/** Decides which container fills a place: an existing one that fits and works, or a new one. */
export function placeOf(replica: ReplicaId, here: readonly ObservedReplica[], rules: PlaceRules): Place {
  // Prefers a serving container: after a rollout that died, there may be two that fit.
  const ranked = here.toSorted((a, b) => rank(b, rules) - rank(a, rules));
  const fit = ranked.find((one) => one.specHash === rules.specHash && works(one, rules));
  const keep = rules.renew === undefined ? fit : undefined;
  const change = keep ? undefined : whyNew(ranked[0], rules);
  return { replica, keep, old: ranked.filter((one) => one !== keep), change };
}

/** Added to the impact of a service whose image is not built yet. */
export const UNLESS_SAME = 'unless the build gives the same image';

/** Whether the container has a slot in the ingress. */
export const isIn = (slots: Slots, { container }: ObservedReplica): boolean =>
  slots?.some((slot) => slot?.container === container) ?? false;

/** Whether the ingress sends it requests. */
export const isReady = (slots: Slots, { container }: ObservedReplica): boolean =>
  slots?.some((slot) => slot?.container === container && slot.state === 'ready') ?? false;

/** Whether the container has shown that it works: it serves, or its rollout ended well. */
export const hasPassed = (one: ObservedReplica, slots: Slots): boolean =>
  slots === undefined ? one.deployed : isReady(slots, one);

/**
 * Whether it did its work and was not meant to continue. If the file does not set a restart policy, a container that
 * passed its gate and was still running was meant to continue: it may have ended with the engine.
 */
export const isCompleted = (
  { state, exitCode, lasting }: ObservedReplica,
  { restart, restartUnsaid }: Service,
  slots: Slots,
): boolean =>
  slots === undefined && restart.name === 'no' && state === 'exited' && exitCode === 0 && !(restartUnsaid && lasting);

/** Whether it works, as far as this can be seen without a gate. */
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
