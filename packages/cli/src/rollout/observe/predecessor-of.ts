import type { ObservedReplica } from '../../model/observed.ts';
import { replicaName } from '../../model/service.ts';

/**
 * The container that the last release had in the place of this one, whatever rollouts that died have left beside it;
 * undefined where it is this one itself, or there was none.
 */
export function predecessorOf(
  { replica, container }: Pick<ObservedReplica, 'replica' | 'container'>,
  before: readonly ObservedReplica[],
): ObservedReplica | undefined {
  const own = before.find((one) => one.deployed && replicaName(one.replica) === replicaName(replica));
  return own?.container === container ? undefined : own;
}
