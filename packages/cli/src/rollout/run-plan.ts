import type { Clock } from '../model/clock.ts';
import { type ErrorCode, LobbieError } from '../model/errors.ts';
import type { Report, StepResult } from '../model/events.ts';
import type { Plan, PlannedStep, Step } from '../model/plan.ts';

export interface PlanRun {
  /**
   * Steps that were begun, done or not, in the order they were begun, after those that the plan knows as done; without
   * those of {@link PlanRun.spared}.
   */
  readonly begun: readonly PlannedStep[];
  /** The first failure; undefined when every step was done. */
  readonly failure: LobbieError | undefined;
  /** Places that failed and were taken back by themselves, in the order they failed. */
  readonly spared: readonly SparedPlace[];
  /** The rollout stopped where it was: what is done stays. */
  readonly paused: boolean;
}

export interface SparedPlace {
  readonly service: string;
  /** Such as `api-2`. */
  readonly place: string;
  readonly failure: LobbieError;
}

export interface RunOptions {
  readonly clock: Clock;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly undo: boolean;
  /** Asked before each step; its rejection is a failure of the run. */
  readonly before: () => Promise<void>;
  /** Go on after a failure (undoing, cleaning up), but for what needs the failed step, rather than stop at once. */
  readonly goOn: boolean;
  readonly act: (step: Step, id: string, signal: AbortSignal) => Promise<StepResult | undefined>;
  /** Takes the begun steps of one place back; gives the failure of that. Absent: no place is spared. */
  readonly takeBack?: (begun: readonly PlannedStep[]) => Promise<LobbieError | undefined>;
}

/** Failures of the whole, wherever they happen. */
const OF_THE_WHOLE: ReadonlySet<ErrorCode> = new Set([
  'INTERRUPTED',
  'TERMINATED',
  'LEASE_LOST',
  'ENGINE_UNREACHABLE',
  'NOT_AN_ENGINE',
]);

/**
 * Carries a plan out: each step as soon as those before it are done, side by side where nothing orders them. Decides
 * nothing. After a failure no step begins, those under way are told to stop and waited for; but where the step's rule
 * spares its place, that alone is taken back and the rest goes on, or what is under way ends and nothing more begins.
 */
export async function runPlan(plan: Plan, options: RunOptions): Promise<PlanRun> {
  const begun = [...(plan.done ?? [])];
  const before = begun.length;
  const done = new Set(begun.map(({ id }) => id));
  const failed = new Set<string>();
  const spared: SparedPlace[] = [];
  const waiting = new Set(plan.steps);
  const underWay = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  let failure: LobbieError | undefined;
  let paused = false;

  const fail = (error: unknown): void => {
    failure ??= asLobbieError(error);
    if (!options.goOn) stop.abort(failure);
  };
  const ofPlace = (place: string) => (one: PlannedStep) => one.place === place;
  /** True when the failure was the place's own affair. */
  const spare = async ({ id, place, onFailure }: PlannedStep, error: LobbieError): Promise<boolean> => {
    const { takeBack } = options;
    if (!takeBack || !onFailure || place === undefined || signal.aborted || OF_THE_WHOLE.has(error.code)) return false;
    if (spared.some((one) => one.place === place)) return true;
    const { service } = onFailure;
    const within = spared.filter((one) => one.service === service).length < onFailure.spare;
    if (!within && onFailure.then === 'undo') return false;
    spared.push({ service, place, failure: error });
    if (!within) {
      paused = true;
      failure ??= error;
    }
    const skipped = [...waiting].filter(ofPlace(place));
    for (const one of skipped) waiting.delete(one);
    const mates = plan.steps.filter(ofPlace(place)).map((one) => one.id);
    await Promise.all(mates.flatMap((mate) => (mate === id ? [] : (underWay.get(mate) ?? []))));
    const broken = await takeBack(begun.filter(ofPlace(place)));
    if (broken !== undefined) {
      // What cannot be taken back alone is no longer the place's own affair.
      spared.splice(
        spared.findIndex((one) => one.place === place),
        1,
      );
      return false;
    }
    for (const one of skipped) done.add(one.id);
    return true;
  };
  const begin = async (planned: PlannedStep): Promise<void> => {
    try {
      await options.before();
      signal.throwIfAborted();
    } catch (error) {
      fail(error);
      failed.add(planned.id);
      if (options.goOn) done.add(planned.id);
      underWay.delete(planned.id);
      return;
    }
    try {
      begun.push(planned);
      await runStep(planned, options, signal);
      done.add(planned.id);
    } catch (error) {
      const mine = await spare(planned, asLobbieError(error));
      if (!mine) fail(error);
      // What goes on regardless treats a failed step as out of the way.
      failed.add(planned.id);
      if (mine || options.goOn) done.add(planned.id);
    } finally {
      underWay.delete(planned.id);
    }
  };
  const next = (): PlannedStep | undefined =>
    signal.aborted || paused ? undefined : [...waiting].find(({ after }) => after.every((id) => done.has(id)));
  for (;;) {
    for (let planned = next(); planned !== undefined; planned = next()) {
      waiting.delete(planned);
      if (planned.needs?.some((id) => failed.has(id))) {
        failed.add(planned.id);
        done.add(planned.id);
      } else underWay.set(planned.id, begin(planned));
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay.values());
  }
  // An abort that came when all was done came too late to stop anything.
  if (failure === undefined && options.signal.aborted && done.size < before + plan.steps.length)
    failure = asLobbieError(options.signal.reason);
  const places = new Set(spared.map(({ place }) => place));
  return {
    begun: begun.filter(({ place }) => place === undefined || !places.has(place)),
    failure,
    spared,
    // A failure of the whole that came after it takes all back.
    paused: paused && !stop.signal.aborted && !options.signal.aborted,
  };
}

async function runStep(
  { id, step }: PlannedStep,
  { clock, report, undo, act }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = clock.now();
  const seconds = (): number => (clock.now() - startedMs) / 1000;
  report({ type: 'step-started', timeMs: startedMs, id, step, undo });
  try {
    const result = await act(step, id, signal);
    report({
      type: 'step-done',
      timeMs: clock.now(),
      id,
      step,
      seconds: seconds(),
      undo,
      ...(result ? { result } : {}),
    });
  } catch (error) {
    const { code, message } = asLobbieError(error);
    report({ type: 'step-failed', timeMs: clock.now(), id, step, seconds: seconds(), undo, code, message });
    throw error;
  }
}

/** What went wrong, as the one error class; anything unforeseen keeps its stack as the cause. */
export const asLobbieError = (error: unknown): LobbieError =>
  error instanceof LobbieError
    ? error
    : new LobbieError('BUG', error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
        cause: error,
      });
