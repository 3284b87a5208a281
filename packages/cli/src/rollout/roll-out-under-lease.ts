import { readIngressState } from '../ingress/config-file.ts';
import { ensureKeeper, type Keeper } from '../ledger/keeper.ts';
import type { Lease } from '../ledger/lease.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Receipt } from '../model/results.ts';
import { planRollout } from '../plan/plan-rollout.ts';
import type { Acting } from './acts/acting.ts';
import { applyPlan } from './apply-plan.ts';
import { checkNotOvertaken } from './checks/check-not-overtaken.ts';
import { clearFileVolumes } from './files/file-volumes.ts';
import { openGateEvents } from './gate/gate-events.ts';
import type { Given } from './given/given.ts';
import { type Looking, learnReleases } from './looking.ts';
import { clearErrands } from './observe/errands.ts';
import { observe } from './observe/observe.ts';
import type { Prepared } from './prepare.ts';
import { type ApplyOptions, unchangedReceipt } from './record/receipt.ts';

/** Carries a plan out under the lease. Plans again first: another command may have changed something since. */
export async function rollOutUnderLease(
  first: Prepared,
  lease: Lease,
  looking: Looking,
  options: ApplyOptions,
): Promise<Receipt> {
  const { engine, signal, projectName } = first.given;
  let { sessions } = first.found;
  const gateEvents = openGateEvents(engine, projectName);
  try {
    signal.throwIfAborted();
    const { prepared, keeper } = await lookAgain(first, looking);
    const { observed, given, found } = prepared;
    sessions = found.sessions;
    // Another command has already done it.
    if (prepared.plan.steps.length === 0) return await unchangedReceipt(given, prepared, options.startedMs);
    for (const { containerId, config } of observed.ingresses) if (config) found.told.set(containerId, config);
    const acting: Acting = {
      ...given,
      ...found,
      lease,
      keeper,
      ingressImage: (await looking.ingressImage()).image,
      ids: namesToIds(observed),
      events: options.events,
      gateEvents,
    };
    return await withoutOldVolumes(given, await applyPlan(acting, prepared, options));
  } finally {
    gateEvents.close();
    for (const session of sessions.values()) (await session.catch(() => undefined))?.close();
  }
}

/** Removes volumes with configs and secrets whose containers are gone. A failure gives a warning. */
async function withoutOldVolumes({ engine, info, projectName }: Given, receipt: Receipt): Promise<Receipt> {
  if (!info.volumeSubpaths) return receipt;
  try {
    await clearFileVolumes(engine, projectName);
    return receipt;
  } catch (error) {
    return { ...receipt, warnings: [...receipt.warnings, error instanceof Error ? error.message : String(error)] };
  }
}

/** Plans from the state under the lease. */
async function lookAgain(first: Prepared, { look, request }: Looking): Promise<{ prepared: Prepared; keeper: Keeper }> {
  const { given, desired } = first;
  const { engine } = given;
  const { project } = desired;
  // The state of ingresses is read from their own disks, because they are about to change, and at the same time as the
  // ledger.
  const read = new Map(
    first.observed.ingresses.map(({ containerId }) => [containerId, readIngressState(engine, containerId)] as const),
  );
  for (const reading of read.values()) reading.catch(() => undefined);
  const observeWith = (ledger: Ledger): Promise<ObservedState> =>
    observe(engine, project, first.observed.images, ledger, (id) => read.get(id) ?? readIngressState(engine, id));
  // A first deploy has nothing to read: it looks at the engine while the keeper is created.
  const early = isEmpty(given.ledger) ? observeWith(given.ledger) : undefined;
  early?.catch(() => undefined);
  const [keeper] = await Promise.all([
    ensureKeeper(engine, project.name, project.history?.source),
    clearErrands(engine, project.name),
    clearFileVolumes(engine, project.name),
  ]);
  const ledger = await openLedger(engine, keeper, given.ledger.key);
  learnReleases(given.secrets, ledger);
  checkNotOvertaken(given.ledger.state, ledger.state, request);
  // Another first deploy has set another key meanwhile, so fingerprints with this key match nothing.
  if (ledger.key !== given.ledger.key) return { keeper, prepared: await look(ledger, request) };
  const observed = await (early !== undefined && isEmpty(ledger) ? early : observeWith(ledger));
  const plan = planRollout(desired, observed);
  return { keeper, prepared: { ...first, observed, plan, given: { ...given, ledger } } };
}

const isEmpty = ({ state }: Ledger): boolean => state.releases === 0;

/** Ids by name of the containers that may be renamed while the plan is carried out. */
export const namesToIds = ({ ingresses, composeContainers }: ObservedState): Map<string, string> =>
  new Map([...ingresses, ...composeContainers].map(({ container, containerId }) => [container, containerId]));
