import type { Clock } from '../model/clock.ts';
import { LobbieError } from '../model/errors.ts';
import type { Report, StepResult } from '../model/events.ts';
import type { Plan, PlannedStep, Step } from '../model/plan.ts';

export interface PlanRun {
  /** Steps that were begun, done or not, in the order they were begun. */
  readonly begun: readonly PlannedStep[];
  /** The first failure; undefined when every step was done. */
  readonly failure: LobbieError | undefined;
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
}

/**
 * Carries a plan out: each step as soon as those before it are done, side by side where nothing orders them. Decides
 * nothing. After a failure no step begins, those under way are told to stop and waited for.
 */
export async function runPlan(plan: Plan, options: RunOptions): Promise<PlanRun> {
  const begun: PlannedStep[] = [];
  const done = new Set<string>();
  const failed = new Set<string>();
  const waiting = new Set(plan.steps);
  const underWay = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  let failure: LobbieError | undefined;

  const fail = (error: unknown): void => {
    failure ??= asLobbieError(error);
    if (!options.goOn) stop.abort(failure);
  };
  const begin = async (planned: PlannedStep): Promise<void> => {
    try {
      await options.before();
      signal.throwIfAborted();
      begun.push(planned);
      await runStep(planned, options, signal);
      done.add(planned.id);
    } catch (error) {
      fail(error);
      // What goes on regardless treats a failed step as out of the way.
      failed.add(planned.id);
      if (options.goOn) done.add(planned.id);
    } finally {
      underWay.delete(planned.id);
    }
  };
  const next = (): PlannedStep | undefined =>
    signal.aborted ? undefined : [...waiting].find(({ after }) => after.every((id) => done.has(id)));
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
  if (failure === undefined && options.signal.aborted && done.size < plan.steps.length)
    failure = asLobbieError(options.signal.reason);
  return { begun, failure };
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
