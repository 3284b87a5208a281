import { LobbieError } from '../model/errors.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan, PlannedStep } from '../model/plan.ts';
import type { Release, ReleaseOutcome } from '../model/release.ts';
import type { Receipt } from '../model/results.ts';
import { ingressPorts, type Service } from '../model/service.ts';
import type { ActStep, BegunStep, Step } from '../model/step.ts';
import { dependenciesBelow } from '../plan/dependencies.ts';
import { planUndo } from '../plan/plan-undo.ts';
import { act } from './acts/act.ts';
import type { Acting } from './acts/acting.ts';
import { mostAtOnce } from './most-at-once.ts';
import type { Prepared } from './prepare.ts';
import type { AnswerCount } from './record/answer-count.ts';
import { closeRelease, markRelease } from './record/close-release.ts';
import { countAnswers } from './record/count-answers.ts';
import { openRelease } from './record/open-release.ts';
import { type ApplyOptions, makeReceipt } from './record/receipt.ts';
import { type PlanRun, type RunOptions, runPlan, type SparedPlace } from './run-plan.ts';

/** Carries a plan out; if a step before the commit fails, takes back what was begun. Gives the receipt either way. */
export async function applyPlan(context: Acting, prepared: Prepared, options: ApplyOptions): Promise<Receipt> {
  const { plan, observed, desired } = prepared;
  const { services } = desired.project;
  const touched = touchedServices(plan, services);
  const running = observed.ingresses
    .filter(({ state }) => state === 'running')
    .map(({ service }) => service)
    // To be opened is to be told what the disk says: a rollout that died may have got no further than to write it there.
    .filter((service) => touched.has(service) || observed.unfinished !== undefined);
  const answers = countAnswers(context, {
    services,
    running: [...new Set(running)],
    steps: untilCommit(plan).steps,
  });
  const [release] = await Promise.all([openRelease(context, prepared, prepared.request), answers.mark('begun')]);

  const takeBack = async (begun: readonly PlannedStep<BegunStep>[]): Promise<LobbieError | undefined> =>
    (await runPlan(planUndo(begun, services), runOptions(context, { undo: true, goOn: true }))).failure;
  const doStep: RunOptions<Step>['act'] = async (step, id, signal) => {
    await answers.before(step.kind);
    const result = await act({ ...context, answers }, step, id, signal);
    await answers.after(step.kind);
    return result;
  };
  const rollout = await runPlan(
    untilCommit(plan),
    runOptions(context, { signal: context.signal, takeBack, act: doStep }),
  );
  for (const one of rollout.spared) warnOf(context, one);
  // Whoever holds the lease now decides what becomes of this.
  if (rollout.failure?.code === 'LEASE_LOST') throw rollout.failure;
  if (rollout.failure !== undefined) return endFailed(context, prepared, options, release, rollout, answers);
  const tooMany = beyondRatio(services, rollout.spared);
  const marked = tooMany === undefined ? [] : await markRelease(context, 'failed-not-restored');
  // Committed: what is left is cleaning up. It goes on through Ctrl-C, and a failure of it undoes no good deploy.
  const cleanUp = await runPlan(sinceCommit(plan, rollout.spared), runOptions(context, { goOn: true }));
  await answers.mark('ended');
  const requests = answers.told();
  return makeReceipt(context, prepared, options, {
    outcome: tooMany === undefined ? 'deployed' : 'failed-not-restored',
    ...(tooMany && { failure: tooMany }),
    warnings: [...rollout.spared.map(sparedWords), ...marked, ...warningsOf(cleanUp), ...(await answers.restarted())],
    ...(requests && { requests }),
  });
}

/**
 * Services that something happens to, those that depend on them, and those that publish a port: a proxy in front of a
 * service need not say that it depends on it, and its requests tell of it.
 */
function touchedServices({ steps }: Plan, services: readonly Service[]): ReadonlySet<string> {
  const acted = new Set(
    steps.flatMap(({ step }) => ('replica' in step ? [step.replica.service] : 'service' in step ? [step.service] : [])),
  );
  const mayTell = (service: Service): boolean =>
    ingressPorts(service).length > 0 ||
    [service, ...dependenciesBelow(service, services)].some(({ name }) => acted.has(name));
  return new Set(services.filter(mayTell).map(({ name }) => name));
}

/** Takes everything back, unless the rollout is to stop where it was. */
async function endFailed(
  context: Acting,
  prepared: Prepared,
  options: ApplyOptions,
  release: Release,
  rollout: PlanRun<Step>,
  answers: AnswerCount,
): Promise<Receipt> {
  const undone = rollout.paused ? undefined : await takeAllBack(context, rollout, prepared);
  const lost = await leaseLoss(context);
  if (lost !== undefined) throw lost;
  const outcome = outcomeOf(rollout, undone);
  const warnings = await closeRelease(context, { ...release, outcome }, prepared.observed.current);
  await answers.mark('ended');
  const requests = answers.told();
  return makeReceipt(context, prepared, options, {
    outcome,
    ...(rollout.failure && { failure: rollout.failure }),
    warnings: [
      ...rollout.spared.map(sparedWords),
      ...(undone ? warningsOf(undone) : []),
      ...warnings,
      ...(await answers.restarted()),
    ],
    ...(requests && { requests }),
  });
}

function outcomeOf({ failure }: PlanRun, undone: PlanRun | undefined): Exclude<ReleaseOutcome, 'deployed' | 'down'> {
  if (undone === undefined || undone.failure !== undefined) return 'failed-not-restored';
  return failure?.code === 'INTERRUPTED' || failure?.code === 'TERMINATED' ? 'interrupted' : 'failed-restored';
}

async function takeAllBack(
  context: Acting,
  { begun, failure }: PlanRun<Step>,
  { desired, observed }: Prepared,
): Promise<PlanRun> {
  context.report({ type: 'undo-started', timeMs: context.clock.now(), because: failure?.message ?? '' });
  const undone = await runPlan(
    planUndo(begun, desired.project.services),
    runOptions(context, { undo: true, goOn: true }),
  );
  return { ...undone, failure: undone.failure ?? (await lostIngress(context, observed.ingresses)) };
}

/** An ingress that served before and is gone: someone removed it, and no step makes it again. */
async function lostIngress(
  { engine }: Acting,
  ingresses: ObservedState['ingresses'],
): Promise<LobbieError | undefined> {
  const served = ingresses.filter(({ state, deployed }) => deployed && state === 'running');
  const isGone = async (containerId: string): Promise<boolean> =>
    // An engine that does not answer now has restored everything a moment ago.
    engine.inspectContainer(containerId).then(
      (found) => found === undefined,
      () => false,
    );
  const gone = await Promise.all(served.map(({ containerId }) => isGone(containerId)));
  const [lost] = served.filter((_, index) => gone[index]);
  if (lost === undefined) return undefined;
  return new LobbieError('INGRESS_FAILED', `Someone removed ${lost.container}, the ingress of ${lost.service}.`, {
    hint: 'Run `lobbie deploy` to make it again.',
  });
}

/** Where `failure_action: continue` let more replicas fail than `max_failure_ratio` allows: the first failure. */
function beyondRatio(services: readonly Service[], spared: readonly SparedPlace[]): LobbieError | undefined {
  for (const { name, replicas, update } of services) {
    const failed = spared.filter(({ service }) => service === name);
    if (failed.length > Math.floor(update.maxFailureRatio * replicas)) return failed[0]?.failure;
  }
  return undefined;
}

const sparedWords = ({ place, failure }: SparedPlace): string =>
  `${place} failed and was taken back by itself: ${failure.message}`;

const warnOf = ({ report, clock }: Acting, one: SparedPlace): void =>
  report({ type: 'warning', timeMs: clock.now(), message: sparedWords(one) });

/** Whoever lost the lease on the way has no say in the ledger any more. */
const leaseLoss = ({ lease }: Acting): Promise<LobbieError | undefined> =>
  lease.check().then(
    () => undefined,
    (error: unknown) => (error instanceof LobbieError && error.code === 'LEASE_LOST' ? error : undefined),
  );

function runOptions<S extends ActStep>(context: Acting, options: Partial<RunOptions<S>>): RunOptions<S> {
  return {
    clock: context.clock,
    report: context.report,
    signal: new AbortController().signal,
    undo: false,
    goOn: false,
    mostAtOnce: mostAtOnce(context.info.cpus),
    before: () => context.lease.check(),
    act: (step, id, signal) => act(context, step, id, signal),
    ...options,
  };
}

/** The commit is the last step that can fail a rollout; what comes after it waits for it in the plan. */
const untilCommit = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.filter(({ after }) => !after.includes('commit')),
});

/** A place that was taken back keeps what it had. */
const sinceCommit = (plan: Plan, spared: readonly SparedPlace[]): Plan => {
  const places = spared.map(({ place }) => place);
  const late = plan.steps.filter(
    ({ after, place, step }) =>
      after.includes('commit') &&
      (place === undefined || !places.includes(place)) &&
      // What it had writes to the history where that was.
      !(step.kind === 'leave-history' && places.length > 0),
  );
  const ids = new Set(late.map(({ id }) => id));
  return {
    orphans: plan.orphans,
    steps: late.map((planned) => ({ ...planned, after: planned.after.filter((id) => ids.has(id)) })),
  };
};

const warningsOf = ({ failure }: PlanRun): string[] => (failure === undefined ? [] : [failure.message]);
