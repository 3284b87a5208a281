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
import { isAdding } from './is-adding.ts';
import { mostAtOnce } from './most-at-once.ts';
import type { Prepared } from './prepare.ts';
import type { AnswerCount } from './record/answer-count.ts';
import { closeRelease, markRelease } from './record/close-release.ts';
import { countAnswers } from './record/count-answers.ts';
import { openRelease } from './record/open-release.ts';
import { type ApplyOptions, makeReceipt } from './record/receipt.ts';
import { type PlanRun, type RunOptions, runPlan, type SparedPlace } from './run-plan.ts';

/** Carries out a plan. If a step before the commit fails, undoes what was begun. Returns the receipt in both cases. */
export async function applyPlan(context: Acting, prepared: Prepared, options: ApplyOptions): Promise<Receipt> {
  const { plan, observed, desired } = prepared;
  const { services } = desired.project;
  const touched = touchedServices(plan, services);
  const running = observed.ingresses
    .filter(({ state }) => state === 'running')
    .map(({ service }) => service)
    // Opening an ingress makes it follow its disk, which a rollout that died may not have done.
    .filter((service) => touched.has(service) || observed.unfinished !== undefined);
  const answers = countAnswers(context, {
    services,
    running: [...new Set(running)],
    steps: untilCommit(plan).steps,
  });
  await mayWrite(context);
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
    runOptions(context, { signal: context.signal, takeBack, before: (step) => mayBegin(context, step), act: doStep }),
  );
  for (const one of rollout.spared) warnOf(context, one);
  // Another command holds the lease now and decides what happens.
  if (rollout.failure?.code === 'LEASE_LOST') throw rollout.failure;
  if (rollout.failure !== undefined) return endFailed(context, prepared, options, release, rollout, answers);
  const tooMany = beyondRatio(services, rollout.spared);
  const marked = tooMany === undefined ? [] : await markRelease(context, 'failed-not-restored');
  // Committed: only the clean-up is left. It continues after Ctrl-C, and its failures do not undo a good deploy.
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
 * Services that the rollout changes, services that depend on them, and services that publish a port: a proxy in front
 * of a service may not declare that it depends on it, but its requests show the effect.
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

/** Undoes everything, unless the rollout should stop where it was. */
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

/** An ingress that served before and is gone: someone removed it, and no step creates it again. */
async function lostIngress(
  { engine }: Acting,
  ingresses: ObservedState['ingresses'],
): Promise<LobbieError | undefined> {
  const served = ingresses.filter(({ state, deployed }) => deployed && state === 'running');
  const isGone = async (containerId: string): Promise<boolean> =>
    // If the engine does not answer now, everything was restored a moment ago.
    engine.inspectContainer(containerId).then(
      (found) => found === undefined,
      () => false,
    );
  const gone = await Promise.all(served.map(({ containerId }) => isGone(containerId)));
  const [lost] = served.filter((_, index) => gone[index]);
  if (lost === undefined) return undefined;
  return new LobbieError('INGRESS_FAILED', `Someone removed ${lost.container}, the ingress of ${lost.service}.`, {
    hint: 'Run `lobbie deploy` to create it again.',
  });
}

/** The first failure, if more replicas failed under `failure_action: continue` than `max_failure_ratio` allows. */
function beyondRatio(services: readonly Service[], spared: readonly SparedPlace[]): LobbieError | undefined {
  for (const { name, replicas, update } of services) {
    const failed = spared.filter(({ service }) => service === name);
    if (failed.length > Math.floor(update.maxFailureRatio * replicas)) return failed[0]?.failure;
  }
  return undefined;
}

const sparedWords = ({ place, failure }: SparedPlace): string =>
  `${place} failed and was undone by itself: ${failure.message}`;

const warnOf = ({ report, clock }: Acting, one: SparedPlace): void =>
  report({ type: 'warning', timeMs: clock.now(), message: sparedWords(one) });

/** Waits until the lease runs before anything that cannot be undone, and fails if the lease could not start. */
async function mayBegin(context: Acting, { kind }: Step): Promise<void> {
  await mayWrite(context);
  if (!isAdding(kind)) await context.lease.started;
}

/** Fails if the lease is lost, or if it is already known that it could not start. */
async function mayWrite({ lease }: Acting): Promise<void> {
  await lease.check();
  await Promise.race([lease.started, undefined]);
}

/** After losing the lease, a command must not write to the ledger. */
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

/** The steps up to the commit, the last one that can fail a rollout. Later steps wait for it in the plan. */
const untilCommit = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.filter(({ after }) => !after.includes('commit')),
});

/** A place that was undone keeps its old container. */
const sinceCommit = (plan: Plan, spared: readonly SparedPlace[]): Plan => {
  const places = spared.map(({ place }) => place);
  const late = plan.steps.filter(
    ({ after, place, step }) =>
      after.includes('commit') &&
      (place === undefined || !places.includes(place)) &&
      // Its old container writes to the old directory of the history.
      !(step.kind === 'leave-history' && places.length > 0),
  );
  const ids = new Set(late.map(({ id }) => id));
  return {
    orphans: plan.orphans,
    steps: late.map((planned) => ({ ...planned, after: planned.after.filter((id) => ids.has(id)) })),
  };
};

const warningsOf = ({ failure }: PlanRun): string[] => (failure === undefined ? [] : [failure.message]);
