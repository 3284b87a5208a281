import type { Ingress } from '../../ingress/open-ingress.ts';
import type { IngressCounters, IngressState } from '../../model/ingress.ts';
import type { AddressBook } from './fix-addresses.ts';

/** What a rollout finds out about ingresses and containers. */
export interface IngressesFound {
  /** Open sessions by service; those of `ingressOf`. */
  readonly sessions: Map<string, Promise<Ingress>>;
  /** By container id: the state of ingresses that this rollout has not opened yet. */
  readonly told: Map<string, IngressState>;
  /** By service: the counters of stopped ingresses. The next ingress begins at 0. */
  readonly carried: Map<string, IngressCounters>;
  /** Ids of the containers that this rollout has created so far, by their names in the plan. */
  readonly made: Map<string, string>;
  /** Services whose ingress was removed again because nothing listened behind it. */
  readonly withdrawn: Set<string>;
  readonly addresses: AddressBook;
}
