import { LobbieError } from '../model/errors.ts';
import type { Event } from '../model/events.ts';
import type { Plan } from '../model/plan.ts';
import type { Release } from '../model/release.ts';
import type { Receipt } from '../model/results.ts';
import { planUndo } from '../plan/plan-undo.ts';
import { act } from './act.ts';
import type { RolloutContext } from './context.ts';
import { countedBetween, readCounters } from './counters.ts';
import type { Prepared } from './prepare.ts';
import { makeReceipt } from './receipt.ts';
import { type PlanRun, type RunOptions, runPlan } from './run-plan.ts';

export interface ApplyOptions {
  readonly command: string;
  /** Everything that was reported since the command began; grows on. */
  readonly events: readonly Event[];
  readonly startedMs: number;
}

/** Carries a plan out; if a step before the commit fails, takes back what was begun. Gives the receipt either way. */
export async function applyPlan(context: RolloutContext, prepared: Prepared, options: ApplyOptions): Promise<Receipt> {
  const { plan, observed } = prepared;
  const release = await openRelease(context, prepared, options.command);
  // One that is replaced counts from 0 again: its difference would say nothing.
  const replaced = plan.steps.flatMap(({ step }) => (step.kind === 'create-ingress' ? [step.service] : []));
  const services = observed.ingresses
    .filter(({ state, service }) => state === 'running' && !replaced.includes(service))
    .map(({ service }) => service);
  const before = await readCounters(context, services);

  const rollout = await runPlan(untilCommit(plan), runOptions(context, { signal: context.signal }));
  // Whoever holds the lease now decides what becomes of this.
  if (rollout.failure?.code === 'LEASE_LOST') throw rollout.failure;
  if (rollout.failure !== undefined) {
    const undone = await takeBack(context, rollout);
    const lost = await leaseLoss(context);
    if (lost !== undefined) throw lost;
    const outcome =
      undone.failure === undefined ? (isInterrupt(rollout) ? 'interrupted' : 'failed-restored') : 'failed-not-restored';
    const warnings = await closeRelease(context, { ...release, outcome }, observed.current);
    return makeReceipt(context, prepared, options, {
      outcome,
      failure: rollout.failure,
      warnings: [...warningsOf(undone), ...warnings],
    });
  }
  const after = await readCounters(context, services);
  const requests = before && after && countedBetween(before, after);
  // Committed: what is left is cleaning up. It goes on through Ctrl-C, and a failure of it undoes no good deploy.
  const cleanUp = await runPlan(sinceCommit(plan), runOptions(context, { goOn: true }));
  return makeReceipt(context, prepared, options, {
    outcome: 'deployed',
    warnings: warningsOf(cleanUp),
    ...(requests && { requests }),
  });
}

async function openRelease(
  context: RolloutContext,
  { observed, desired }: Prepared,
  command: string,
): Promise<Release> {
  const { clock, ledger, report } = context;
  if (observed.unfinished !== undefined) {
    report({ type: 'repairing', timeMs: clock.now(), release: observed.unfinished.id });
    await ledger.recordRelease({ ...observed.unfinished, outcome: 'interrupted' });
  }
  const release: Release = {
    id: desired.release,
    number: ledger.state.releases + 1,
    command,
    startedAtMs: clock.now(),
    project: desired.project,
    images: Object.fromEntries(desired.project.services.map(({ name, image }) => [name, image])),
  };
  ledger.keepLive(observed.replicas.map(({ container }) => container));
  await ledger.write({ running: release, releases: release.number, history: desired.project.history?.source ?? null });
  return release;
}

/**
 * The ledger's word on a release that failed. Losing it is told, and changes nothing of what runs. The one before is
 * named again, for a commit that failed may have been written all the same.
 */
async function closeRelease(
  { ledger, clock }: RolloutContext,
  release: Release,
  current: Release | undefined,
): Promise<string[]> {
  try {
    await ledger.write({ current: current ?? null, running: null });
    await ledger.recordRelease({ ...release, endedAtMs: clock.now() });
    return [];
  } catch (error) {
    return [`The ledger could not be written: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function takeBack(context: RolloutContext, { begun, failure }: PlanRun): Promise<PlanRun> {
  context.report({ type: 'undo-started', timeMs: context.clock.now(), because: failure?.message ?? '' });
  return runPlan(planUndo(begun), runOptions(context, { undo: true, goOn: true }));
}

/** Whoever lost the lease on the way has no say in the ledger any more. */
const leaseLoss = ({ lease }: RolloutContext): Promise<LobbieError | undefined> =>
  lease.check().then(
    () => undefined,
    (error: unknown) => (error instanceof LobbieError && error.code === 'LEASE_LOST' ? error : undefined),
  );

function runOptions(context: RolloutContext, options: Partial<RunOptions>): RunOptions {
  return {
    clock: context.clock,
    report: context.report,
    signal: new AbortController().signal,
    undo: false,
    goOn: false,
    before: () => context.lease.check(),
    act: (step, id, signal) => act(context, step, id, signal),
    ...options,
  };
}

/** The commit is the last step that can fail a rollout; what comes after it waits for it in the plan. */
const untilCommit = ({ steps }: Plan): Plan => ({ steps: steps.filter(({ after }) => !after.includes('commit')) });

const sinceCommit = ({ steps }: Plan): Plan => {
  const late = steps.filter(({ after }) => after.includes('commit'));
  const ids = new Set(late.map(({ id }) => id));
  return { steps: late.map((planned) => ({ ...planned, after: planned.after.filter((id) => ids.has(id)) })) };
};

const isInterrupt = ({ failure }: PlanRun): boolean =>
  failure?.code === 'INTERRUPTED' || failure?.code === 'TERMINATED';

const warningsOf = ({ failure }: PlanRun): string[] => (failure === undefined ? [] : [failure.message]);
