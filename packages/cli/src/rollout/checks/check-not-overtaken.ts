import { LobbieError } from '../../model/errors.ts';
import type { LedgerState, Release } from '../../model/release.ts';
import type { RolloutRequest } from '../given/request.ts';
import { isTakenOver } from '../record/record-origin.ts';

/** @throws LobbieError `LEASE_TAKEN` if another command has changed what the user of this one agreed to */
export function checkNotOvertaken(
  before: LedgerState,
  { current: now, history }: LedgerState,
  { asDeployed, project, origin, takeOver }: RolloutRequest,
): void {
  // A first deploy that failed meanwhile has also left a history.
  const moved = before.history !== history && history !== null && project.history?.source !== history;
  const fromElsewhere = takeOver !== true && isTakenOver(now, origin);
  const isOther = before.current?.id !== now?.id;
  // The state to recreate or scale was read before the lease. Rolling it out would undo the newer release.
  if (moved || (isOther && (asDeployed || fromElsewhere))) throw overtaken(project.name, now);
}

const overtaken = (project: string, now: Release | null): LobbieError =>
  new LobbieError(
    'LEASE_TAKEN',
    `Another command ${now === null ? `took project ${project} down, or failed to deploy it,` : `deployed release ${now.id} of project ${project}`} while this one was preparing.`,
    { hint: 'Nothing was changed. Run `lobbie status` to see what is running, then run the same command again.' },
  );
