import type { Clock } from '../model/clock.ts';
import { type ErrorCode, LobbieError } from '../model/errors.ts';
import type { Report, StepResult } from '../model/events.ts';
import type { Plan, PlannedStep } from '../model/plan.ts';
import { type ActStep, type BegunStep, toldStep } from '../model/step.ts';
import { isWork } from './most-at-once.ts';

export interface PlanRun<S extends ActStep = ActStep> {
  /**
   * The steps that were begun, done or not, in the order they were begun. The steps in `Plan.done` come first. The
   * steps of {@link PlanRun.spared} are left out.
   */
  readonly begun: readonly Begun<S>[];
  /** The first failure; undefined if every step was done. */
  readonly failure: LobbieError | undefined;
  /** Places that failed and were undone by themselves, in the order they failed. */
  readonly spared: readonly SparedPlace[];
  /** The rollout stopped where it was. Finished steps stay. */
  readonly paused: boolean;
}

export type Begun<S extends ActStep> = PlannedStep<S | BegunStep>;

export interface SparedPlace {
  readonly service: string;
  /** Such as `api-2`. */
  readonly place: string;
  readonly failure: LobbieError;
}

export interface RunOptions<S extends ActStep = ActStep> {
  readonly clock: Clock;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly undo: boolean;
  /** How many steps may make the engine work at the same time. Steps that mostly wait do not count. */
  readonly mostAtOnce: number;
  /** Called before each step. If it rejects, the run fails. */
  readonly before: (step: S) => Promise<void>;
  /**
   * Continue after a failure (to undo, to clean up), except with steps that need the failed one. Otherwise stop at
   * once.
   */
  readonly goOn: boolean;
  readonly act: (step: S, id: string, signal: AbortSignal) => Promise<StepResult | undefined>;
  /** Undoes the begun steps of one place and returns the failure of this undo, if any. Absent: no place is spared. */
  readonly takeBack?: (begun: readonly Begun<S>[]) => Promise<LobbieError | undefined>;
}

/** Failures of the whole rollout, whichever step meets them. */
const OF_THE_WHOLE: ReadonlySet<ErrorCode> = new Set([
  'INTERRUPTED',
  'TERMINATED',
  'LEASE_LOST',
  'ENGINE_UNREACHABLE',
  'NOT_AN_ENGINE',
]);

/**
 * Carries out a plan. Each step begins as soon as those before it are done; steps without an order run at the same
 * time. Decides nothing. After a failure, no step begins, and those under way are aborted and awaited. If the step's
 * rule spares its place, only that place is undone and the rest continues, or the rollout pauses once all steps under
 * way have ended.
 */
export async function runPlan<S extends ActStep>(plan: Plan<S>, options: RunOptions<S>): Promise<PlanRun<S>> {
  const run = newRun(plan, options);
  for (;;) {
    for (let planned = nextStep(run); planned !== undefined; planned = nextStep(run)) begin(run, planned);
    if (run.underWay.size === 0) return resultOf(run);
    await Promise.race(run.underWay.values());
  }
}

/** A run in progress. */
interface Run<S extends ActStep> {
  readonly plan: Plan<S>;
  readonly options: RunOptions<S>;
  readonly waiting: Set<PlannedStep<S>>;
  /** By id. */
  readonly underWay: Map<string, Promise<void>>;
  readonly begun: Begun<S>[];
  /** Ids of steps that no longer keep others waiting. */
  readonly done: Set<string>;
  readonly failed: Set<string>;
  readonly spared: SparedPlace[];
  readonly stop: AbortController;
  readonly signal: AbortSignal;
  /** Ids of steps that stop something. What waits for them ends a pause or a gap, so the limit does not apply to it. */
  readonly stops: ReadonlySet<string>;
  /** How many steps that make the engine work are under way. */
  working: number;
  failure: LobbieError | undefined;
  paused: boolean;
}

function newRun<S extends ActStep>(plan: Plan<S>, options: RunOptions<S>): Run<S> {
  const begun = [...(plan.done ?? [])];
  const stop = new AbortController();
  return {
    plan,
    options,
    waiting: new Set(plan.steps),
    underWay: new Map(),
    begun,
    done: new Set(begun.map(({ id }) => id)),
    failed: new Set(),
    spared: [],
    stop,
    stops: new Set(plan.steps.flatMap(({ id, step }) => (step.kind.startsWith('stop-') ? [id] : []))),
    signal: AbortSignal.any([stop.signal, options.signal]),
    working: 0,
    failure: undefined,
    paused: false,
  };
}

/** A step that may begin now. */
function nextStep<S extends ActStep>(run: Run<S>): PlannedStep<S> | undefined {
  if (run.signal.aborted || run.paused) return undefined;
  const isFull = run.working >= run.options.mostAtOnce;
  return [...run.waiting].find(
    (planned) => planned.after.every((id) => run.done.has(id)) && !(isFull && isLimited(run, planned)),
  );
}

const isLimited = <S extends ActStep>({ stops }: Run<S>, { after, step }: PlannedStep<S>): boolean =>
  isWork(step.kind) && !after.some((id) => stops.has(id));

function begin<S extends ActStep>(run: Run<S>, planned: PlannedStep<S>): void {
  const { id, needs, step } = planned;
  run.waiting.delete(planned);
  if (needs?.some((one) => run.failed.has(one))) {
    run.failed.add(id);
    run.done.add(id);
    return;
  }
  const counts = isWork(step.kind) ? 1 : 0;
  run.working += counts;
  const ending = carryOut(run, planned).finally(() => {
    run.working -= counts;
    run.underWay.delete(id);
  });
  run.underWay.set(id, ending);
}

async function carryOut<S extends ActStep>(run: Run<S>, planned: PlannedStep<S>): Promise<void> {
  const { id } = planned;
  const failure = await attempt(run, planned);
  if (failure === undefined) return void run.done.add(id);
  const isSpared = run.begun.includes(planned) && (await spare(run, planned, asLobbieError(failure.error)));
  if (!isSpared) fail(run, failure.error);
  run.failed.add(id);
  // A failed step no longer keeps others waiting if the run goes on.
  if (isSpared || run.options.goOn) run.done.add(id);
}

/** Does one step; gives its failure. A step counts as begun once nothing keeps it from being done. */
async function attempt<S extends ActStep>(
  run: Run<S>,
  planned: PlannedStep<S>,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await run.options.before(planned.step);
    run.signal.throwIfAborted();
    run.begun.push(planned);
    await runStep(planned, run.options, run.signal);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function fail<S extends ActStep>(run: Run<S>, error: unknown): void {
  run.failure ??= asLobbieError(error);
  if (!run.options.goOn) run.stop.abort(run.failure);
}

/** Undoes the place of a failed step by itself, if its rule says so. False if the whole rollout has failed. */
async function spare<S extends ActStep>(run: Run<S>, planned: PlannedStep<S>, failure: LobbieError): Promise<boolean> {
  const { takeBack } = run.options;
  const { id, place, onFailure } = planned;
  if (!takeBack || !onFailure || place === undefined) return false;
  if (run.signal.aborted || OF_THE_WHOLE.has(failure.code)) return false;
  if (run.spared.some((one) => one.place === place)) return true;
  const { service } = onFailure;
  const isAllowed = run.spared.filter((one) => one.service === service).length < onFailure.spare;
  if (!isAllowed && onFailure.then === 'undo') return false;
  run.spared.push({ service, place, failure });
  if (!isAllowed) {
    run.paused = true;
    run.failure ??= failure;
  }
  const isOfPlace = (one: { readonly place?: string }): boolean => one.place === place;
  const skipped = [...run.waiting].filter(isOfPlace);
  for (const one of skipped) run.waiting.delete(one);
  const others = run.plan.steps.filter((one) => isOfPlace(one) && one.id !== id);
  await Promise.all(others.map((one) => run.underWay.get(one.id)));
  const broken = await takeBack(run.begun.filter(isOfPlace));
  if (broken !== undefined) {
    // The place could not be undone by itself, so the failure is that of the whole rollout.
    run.spared.splice(
      run.spared.findIndex((one) => one.place === place),
      1,
    );
    return false;
  }
  for (const one of skipped) run.done.add(one.id);
  return true;
}

function resultOf<S extends ActStep>(run: Run<S>): PlanRun<S> {
  const { plan, options, begun, done, spared, stop, paused } = run;
  // An interrupt after the last step has stopped nothing.
  const isCutShort = options.signal.aborted && done.size < (plan.done ?? []).length + plan.steps.length;
  const places = new Set(spared.map(({ place }) => place));
  return {
    begun: begun.filter(({ place }) => place === undefined || !places.has(place)),
    failure: run.failure ?? (isCutShort ? asLobbieError(options.signal.reason) : undefined),
    spared,
    // If the whole rollout failed after the pause, everything is undone.
    paused: paused && !stop.signal.aborted && !options.signal.aborted,
  };
}

async function runStep<S extends ActStep>(
  { id, step }: PlannedStep<S>,
  { clock, report, undo, act }: RunOptions<S>,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = clock.now();
  const told = { id, step: toldStep(step), undo };
  const ended = () => ({ ...told, timeMs: clock.now(), seconds: (clock.now() - startedMs) / 1000 });
  report({ type: 'step-started', timeMs: startedMs, ...told });
  try {
    const result = await act(step, id, signal);
    report({ type: 'step-done', ...ended(), ...(result ? { result } : {}) });
  } catch (error) {
    const { code, message } = asLobbieError(error);
    report({ type: 'step-failed', ...ended(), code, message });
    throw error;
  }
}

/** A failure as a LobbieError. An unexpected error becomes its cause, with its stack. */
export const asLobbieError = (error: unknown): LobbieError =>
  error instanceof LobbieError
    ? error
    : new LobbieError('BUG', error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
        cause: error,
      });
