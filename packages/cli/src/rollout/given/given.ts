import type { LimitFunction } from 'p-limit';
import type { Keeper } from '../../ledger/keeper.ts';
import type { Lease } from '../../ledger/lease.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { EngineInfo } from '../../model/engine.ts';
import type { Event } from '../../model/events.ts';
import type { ReleaseId } from '../../model/release.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * What a rollout is given. It never changes. It does not include the project, because each step contains everything
 * that its act needs of it.
 */
export interface Given extends Surroundings {
  readonly projectName: string;
  readonly release: ReleaseId;
  readonly ledger: Ledger;
  readonly info: EngineInfo;
  /** Healthchecks of all replicas share the engine's cores. */
  readonly checks: LimitFunction;
}

/** What a rollout is given once it holds the lease. */
export interface GivenUnderLease extends Given {
  readonly lease: Lease;
  readonly ingressImage: string;
  readonly keeper: Keeper;
  /** Ids by the names that containers had when the plan was made. Some are renamed during the rollout. */
  readonly ids: ReadonlyMap<string, string>;
  /** Everything reported since the command began. It keeps growing. */
  readonly events: readonly Event[];
}
