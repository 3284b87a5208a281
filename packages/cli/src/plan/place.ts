import type { ObservedReplica, SlotFill } from '../model/observed.ts';
import type { ReplicaId, Service } from '../model/project.ts';
import type { Desired } from './desired.ts';

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

/** Decides which container fills a place: one that fits and works, or a new one. */
export function placeOf(
  replica: ReplicaId,
  observed: readonly ObservedReplica[],
  service: Service,
  desired: Desired,
  slots: Slots,
): Place {
  const here = observed.filter((one) => one.replica.index === replica.index);
  // What serves is kept before what does not: after a rollout that died there may be two of one kind.
  const ranked = here.toSorted((a, b) => rank(b, slots) - rank(a, slots));
  const keep = ranked.find(
    (one) => one.spec === desired.specs[service.name] && one.state === 'running' && one.health !== 'unhealthy',
  );
  const change = desired.recreate.includes(service.name)
    ? 'recreate was asked for'
    : keep
      ? undefined
      : whyNew(ranked[0], desired.specs[service.name]);
  return change === undefined
    ? { replica, keep, old: ranked.filter((one) => one !== keep), change }
    : { replica, keep: undefined, old: ranked, change };
}

const rank = (one: ObservedReplica, slots: Slots): number =>
  (slots?.some((slot) => slot?.container === one.container && slot.state === 'ready') ? 2 : 0) +
  (one.state === 'running' ? 1 : 0);

function whyNew(old: ObservedReplica | undefined, spec: string | undefined): string {
  if (old === undefined) return 'there is none yet';
  if (old.spec !== spec) return 'the service changed';
  return old.state === 'running' ? `${old.container} is ${old.health}` : `${old.container} is ${old.state}`;
}
