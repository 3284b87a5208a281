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
  /** The one of `old` that serves, or served until a rollout that died stopped it: it is gone back to. */
  readonly fallback: ObservedReplica | undefined;
  /** Why a new container is needed; undefined where `keep` fills the place. */
  readonly change: string | undefined;
}

/** What decides about the places of one service. */
export interface PlaceRules {
  readonly service: Service;
  readonly order: RolloutOrder;
  readonly spec: string;
  readonly slots: Slots;
  /** A release whose rollout died: its replicas may not have passed their gates. */
  readonly unfinished: ReleaseId | undefined;
  /** What was stopped is not gone back to: others have its ports. */
  readonly blocked: boolean;
  /** How many replicas the release has that was deployed last: no other place is gone back to, unless it serves. */
  readonly deployed: number;
  /** Why every container is replaced, whatever it is like. */
  readonly renew: string | undefined;
  /** In a few words, what is different in the file. */
  readonly changed: string;
}

/** Decides which container fills a place: one that fits and works, or a new one. */
export function placeOf(replica: ReplicaId, here: readonly ObservedReplica[], rules: PlaceRules): Place {
  // What serves is kept before what does not: after a rollout that died there may be two of one kind.
  const ranked = here.toSorted((a, b) => rank(b, rules) - rank(a, rules));
  const fit = ranked.find((one) => one.spec === rules.spec && works(one, rules));
  const keep = rules.renew === undefined && fit && !isUnproved(fit, here, rules) ? fit : undefined;
  const change = keep ? undefined : whyNew(ranked[0], fit, rules);
  const old = ranked.filter((one) => one !== keep);
  return { replica, keep, old, fallback: fallbackOf(replica, old, rules), change };
}

/** Whether the container may be running or come back by itself. */
export const isAlive = ({ state }: ObservedReplica): boolean =>
  !['created', 'exited', 'dead', 'removing'].includes(state);

/** Whether the ingress knows the container. */
export const isIn = (slots: Slots, { container }: ObservedReplica): boolean =>
  slots?.some((slot) => slot?.container === container) ?? false;

/** Whether the container has shown that it works: it serves, or its rollout ended well. */
export function hasPassed(
  one: ObservedReplica,
  { slots, unfinished }: Pick<PlaceRules, 'slots' | 'unfinished'>,
): boolean {
  if (slots === undefined) return one.release !== unfinished;
  return slots.some((slot) => slot?.container === one.container && slot.state === 'ready');
}

/** Whether it has done what it was meant to do, and was not meant to go on. */
export const isCompleted = ({ state, exitCode }: ObservedReplica, { restart }: Service, slots: Slots): boolean =>
  slots === undefined && restart.name === 'no' && state === 'exited' && exitCode === 0;

const works = (one: ObservedReplica, { service, slots }: PlaceRules): boolean =>
  (one.state === 'running' && one.health !== 'unhealthy') || isCompleted(one, service, slots);

/** One at a time, and the one before is still there: it cannot be proved now without a way back to that one. */
const isUnproved = (one: ObservedReplica, here: readonly ObservedReplica[], rules: PlaceRules): boolean =>
  rules.order === 'stop-first' &&
  one.release === rules.unfinished &&
  !hasPassed(one, rules) &&
  here.some((other) => other.release !== rules.unfinished && (isAlive(other) || other.state === 'exited'));

const rank = (one: ObservedReplica, { slots }: PlaceRules): number =>
  (slots?.some((slot) => slot?.container === one.container && slot.state === 'ready') ? 2 : 0) +
  (one.state === 'running' ? 1 : 0);

function fallbackOf(
  { index }: ReplicaId,
  old: readonly ObservedReplica[],
  rules: PlaceRules,
): ObservedReplica | undefined {
  const { unfinished, blocked, deployed } = rules;
  const serving = old.find((one) => isAlive(one) && hasPassed(one, rules));
  // Nothing but a rollout that died takes away what was deployed; what else does not serve was left on purpose.
  if (serving || unfinished === undefined || index > deployed) return serving;
  return (
    old.find((one) => isAlive(one) && one.release !== unfinished) ??
    old.find(({ state, release }) => !blocked && state === 'exited' && release !== unfinished) ??
    old.find(isAlive)
  );
}

function whyNew(
  old: ObservedReplica | undefined,
  unproved: ObservedReplica | undefined,
  { spec, changed, renew }: PlaceRules,
): string {
  if (old === undefined) return 'there is none yet';
  if (renew !== undefined) return renew;
  if (unproved) return 'a rollout ended before it served';
  if (old.spec !== spec) return changed;
  return old.state === 'running' ? `${old.container} is ${old.health}` : `${old.container} is ${old.state}`;
}
