import type { Ledger } from '../ledger/ledger.ts';
import type { ObservedReplica, ObservedState } from '../model/observed.ts';
import { replicaName } from '../model/service.ts';

/**
 * The container that had the place of this one before: the one that served, where rollouts that died have left others
 * beside it; undefined where none served.
 */
export async function predecessorOf(
  { replica, container }: Pick<ObservedReplica, 'replica' | 'container'>,
  { replicas, ingresses, unfinished }: Pick<ObservedState, 'replicas' | 'ingresses' | 'unfinished'>,
  ledger: Pick<Ledger, 'readContainer'>,
): Promise<ObservedReplica | undefined> {
  const slots = ingresses.flatMap(({ service, config }) => (service === replica.service ? (config?.slots ?? []) : []));
  const rank = (one: ObservedReplica): number => {
    const state = slots.find((slot) => slot?.container === one.container)?.state;
    return state === undefined ? 0 : state === 'ready' ? 2 : 1;
  };
  const own = replicas.find((one) => one.container === container);
  // It served before this rollout, and goes on.
  if (own && own.release !== unfinished?.id && (slots.length === 0 || rank(own) === 2)) return undefined;
  const others = replicas.filter(
    (one) =>
      replicaName(one.replica) === replicaName(replica) &&
      one.container !== container &&
      one.state !== 'created' &&
      (one.release !== unfinished?.id || rank(one) > 0),
  );
  const best = Math.max(...others.map(rank));
  const [first, ...more] = others.filter((one) => rank(one) === best);
  if (first === undefined || more.length === 0) return first;
  // Whatever was left was begun while the one that served was there.
  const started = await Promise.all(
    [first, ...more].map(async (one) => ({
      one,
      startedAtMs: (await ledger.readContainer(one.container))?.startedAtMs ?? Infinity,
    })),
  );
  return started.toSorted((a, b) => a.startedAtMs - b.startedAtMs)[0]?.one;
}
