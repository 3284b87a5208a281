import { findLedger } from '../ledger/find-ledger.ts';
import { leaseHolder } from '../ledger/lease.ts';
import type { Event, Report } from '../model/events.ts';
import type { Receipt } from '../model/results.ts';
import { checkNotOvertaken } from './checks/check-not-overtaken.ts';
import { checkTwice } from './checks/check-twice.ts';
import type { RolloutRequest } from './given/request.ts';
import type { Surroundings } from './given/surroundings.ts';
import { type Leasing, leaseOf } from './leasing.ts';
import { builtLater, type Looking, openLooking } from './looking.ts';
import type { Prepared } from './prepare.ts';
import { unchangedReceipt } from './record/receipt.ts';
import { isTakenOver, recordOrigin } from './record/record-origin.ts';

/**
 * Deploys: plans, takes the lease, plans again while no other command can change anything, and carries the plan out or
 * undoes it. Finds out without the lease that there is nothing to do.
 */
export async function rollOut(outer: Surroundings, request: RolloutRequest): Promise<Receipt> {
  const startedMs = outer.clock.now();
  const events: Event[] = [];
  const report: Report = (event) => {
    events.push(event);
    outer.report(event);
  };
  const surroundings = { ...outer, report };
  const looking = await openLooking(surroundings, request);
  const { current } = looking.ledger.state;
  const leasing = leaseOf(surroundings, request.project.name, looking.ingressImage);
  const rollout: Rollout = { surroundings, looking, leasing, startedMs };
  try {
    // If something is sure to change, takes the lease while the images are resolved.
    if (current === null || request.recreate.length > 0) leasing.begin();
    const { prepared, isBegun } = await firstPlan(rollout);
    tellWarnings(rollout, prepared);
    if (hasNothingToDo(prepared)) return await leaveUnchanged(rollout, prepared);
    const checked = isBegun ? prepared : await begin(rollout, prepared);
    // Loaded only now: most deploys of a pipeline change nothing.
    const [lease, { rollOutUnderLease }] = await Promise.all([leasing.begin(), import('./roll-out-under-lease.ts')]);
    return await rollOutUnderLease(checked, lease, looking, { startedMs, events });
  } finally {
    await leasing.end();
  }
}

/** What the parts of a rollout share until it holds the lease. */
interface Rollout {
  readonly surroundings: Surroundings;
  readonly looking: Looking;
  readonly leasing: Leasing;
  readonly startedMs: number;
}

/** Plans, with every image built. If there is something to build, first checks for what would stop the plan halfway. */
async function firstPlan(rollout: Rollout): Promise<{ readonly prepared: Prepared; readonly isBegun: boolean }> {
  const { look, ledger, request } = rollout.looking;
  const prepared = await look(ledger, builtLater(request));
  if (!hasBuilds(prepared, request)) return { prepared, isBegun: false };
  const { given } = await begin(rollout, prepared);
  return { prepared: await look(given.ledger, request), isBegun: true };
}

const hasBuilds = ({ plan }: Prepared, { images, asDeployed }: RolloutRequest): boolean =>
  !asDeployed && (images?.build === 'always' || plan.steps.some(({ step }) => step.kind === 'build-image'));

/** Checks that nothing prevents the plan, and reports that the rollout begins. */
async function begin(rollout: Rollout, first: Prepared): Promise<Prepared> {
  const { surroundings, looking, startedMs } = rollout;
  await looking.ingressImage();
  const checked = await checkTwice(surroundings.engine, first, () => lookAfterOthers(rollout, first));
  surroundings.report(startedEvent(checked, looking.request, startedMs));
  return checked;
}

/** Plans again once no other command is changing the project. */
async function lookAfterOthers(
  { surroundings: { engine, clock }, looking: { look, request }, leasing }: Rollout,
  { given }: Prepared,
): Promise<Prepared> {
  const { name } = request.project;
  if ((await leaseHolder(engine, name, clock)) !== undefined) await leasing.begin();
  const { ledger } = await findLedger(engine, name);
  checkNotOvertaken(given.ledger.state, ledger.state, request);
  return look(ledger, builtLater(request));
}

const startedEvent = ({ desired, given }: Prepared, { command }: RolloutRequest, timeMs: number): Event => ({
  type: 'deploy-started',
  timeMs,
  command,
  project: desired.project.name,
  release: desired.release,
  engine: `Docker Engine ${given.info.version} at ${given.engine.endpoint.url}`,
  services: desired.project.services.map(({ name }) => name),
});

function tellWarnings({ surroundings: { report, clock } }: Rollout, { warnings }: Prepared): void {
  for (const message of warnings) report({ type: 'warning', timeMs: clock.now(), message });
}

const hasNothingToDo = ({ plan, observed }: Prepared): boolean => plan.steps.length === 0 && !observed.leftovers;

/** Changes nothing except, if needed, the recorded origin of the project. */
async function leaveUnchanged(
  { surroundings, looking: { request }, leasing, startedMs }: Rollout,
  prepared: Prepared,
): Promise<Receipt> {
  const { given } = prepared;
  const receipt = await unchangedReceipt(given, prepared, startedMs);
  if (isTakenOver(given.ledger.state.current, request.origin)) {
    const lease = await leasing.begin();
    await lease.started;
    await recordOrigin(surroundings.engine, given.ledger, request);
  }
  return receipt;
}
