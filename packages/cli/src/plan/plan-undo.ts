import type { Plan, PlannedStep } from '../model/plan.ts';
import { replicaName, type Service } from '../model/service.ts';
import type { ActStep, BegunStep, ToldStep } from '../model/step.ts';
import { STAGES, type Undoing, undoing } from './undoing.ts';

/**
 * Undoes what was begun. Start-first: the old replicas are admitted before the new ones are drained, and the new ones
 * are drained before they are retired. If the old replicas of a service cannot be admitted, it keeps its new ones,
 * because these are better than none. Stop-first: the new one is gone before the old one runs again. Steps that failed
 * halfway are undone like finished ones. Every undo step is idempotent.
 *
 * @param services their `rollback_config` says how many stop-first replicas change back at a time
 */
export function planUndo(begun: readonly PlannedStep<BegunStep>[], services: readonly Service[] = []): Plan<ActStep> {
  const acts = actsOf(begun);
  const batches = batchesOf(acts, services);
  const ids = new Set(acts.map(({ id }) => id));
  const byUnit = Map.groupBy(acts, ({ unit }) => unit);
  const steps = acts.map((act): PlannedStep<ActStep> => {
    const own = byUnit.get(act.unit) ?? [];
    const reached = Math.max(...own.map(({ stage }) => (stage < act.stage ? stage : -1)));
    const before = own.filter(({ stage }) => stage === reached);
    // Before any place of a service is cleared, its ingress is back and every other container that can serve does.
    const first = act.isLastResort ? READMIT : INGRESS;
    const ingress =
      act.unit === act.service ? [] : (byUnit.get(act.service) ?? []).filter(({ stage }) => stage <= first);
    const foundation = act.stage === FOUNDATION ? acts.filter(({ stage }) => stage < FOUNDATION) : [];
    const after = [...before, ...ingress, ...foundation].map(({ id }) => id);
    const dependentUndos = act.dependentUndos.filter((id) => ids.has(id));
    const needs = act.isLastResort ? own.filter(({ stage }) => stage === READMIT).map(({ id }) => id) : [];
    return {
      id: act.id,
      after: [...new Set([...after, ...dependentUndos, ...(batches.previous.get(act.unit) ?? [])])],
      ...(needs.length > 0 && { needs }),
      step: act.step,
    };
  });
  return { steps: [...steps, ...batches.waits], orphans: [] };
}

interface Act extends Omit<Undoing, 'stage'> {
  readonly id: string;
  /** Index in {@link STAGES}. */
  readonly stage: number;
  readonly service: string;
  /** The unit whose stages are undone in order: a whole service, or a place in which only one container may run. */
  readonly unit: string;
  /** Undo acts that remove the current holder of something that this one's container gets back. */
  readonly dependentUndos: readonly string[];
  /** It removes containers that serve now. */
  readonly isLastResort: boolean;
}

const stageOf = (stage: Undoing['stage']): number => STAGES.indexOf(stage);
const INGRESS = stageOf('reconfigure');
const READMIT = stageOf('readmit');
const FOUNDATION = stageOf('remove-foundation');

function actsOf(begun: readonly PlannedStep<BegunStep>[]): Act[] {
  const steps = begun.map(({ step }) => step);
  const made = new Set(steps.flatMap((step) => (MAKES.has(step.kind) && 'container' in step ? [step.container] : [])));
  const stops = steps.filter((step) => step.kind === 'stop-replica').filter(({ beside }) => !beside);
  const places = new Set(stops.map(({ replica }) => replicaName(replica)));
  const stopped = new Set(stops.map(({ container }) => container));
  const drains = steps.filter((step) => step.kind === 'drain-replica');
  const drained = new Set(
    drains.filter(({ idle, container }) => !idle && !made.has(container)).map(({ container }) => container),
  );
  const dependentUndos = dependentUndosOf(begun);
  const before = ingressesBefore(begun, made, dependentUndos);
  // Services whose current ingress, at this point of the steps, is removed again.
  const passing = new Set<string>();
  const done = new Set<string>();
  return begun.flatMap(({ id: of, step }) => {
    const service = 'service' in step ? step.service : 'replica' in step ? step.replica.service : '';
    const ends = before.ends.has(service);
    if (step.kind === 'start-ingress' && (ends || made.has(step.container))) passing.add(service);
    else if (step.kind === 'start-ingress') passing.delete(service);
    // A previous ingress that takes over again still has its old state: nothing in it has changed since.
    if (MOVES.has(step.kind) && passing.has(service)) return [];
    const place = 'replica' in step ? replicaName(step.replica) : undefined;
    const undo = step.kind === 'start-ingress' && ends ? [endAgain(step)] : undoing(step);
    return undo.flatMap((one): Act[] => {
      const isBack = one.stage !== 'drain-new' && one.stage !== 'retire-new' && one.stage !== 'remove-new-ingress';
      // A container that is removed is not restored first, and a container that is restored is not removed.
      if (isBack && 'container' in one.step && made.has(one.step.container)) return [];
      if (one.stage === 'drain-new' && 'container' in step && drained.has(step.container)) return [];
      // A container that was also stopped is admitted once it runs again, if there is an ingress to admit it.
      const isStopped = one.stage === 'readmit' && 'container' in step && stopped.has(step.container);
      if (isStopped && before.none.has(service)) return [];
      const name = isStopped ? 'readmit-resumed' : one.stage;
      const id = undoId(name, one);
      if (done.has(id)) return [];
      done.add(id);
      const isLastResort = name === 'drain-new' || name === 'retire-new';
      const unit = place !== undefined && places.has(place) ? `place ${place}` : service;
      return [
        {
          step: one.step,
          id,
          stage: stageOf(name),
          service,
          unit,
          dependentUndos: dependentUndos.get(of) ?? [],
          isLastResort,
        },
      ];
    });
  });
}

const MAKES: ReadonlySet<string> = new Set(['create-ingress', 'create-replica', 'start-replica', 'run-job']);
const MOVES: ReadonlySet<string> = new Set([
  'gate-replica',
  'admit-replica',
  'drain-replica',
  'settle-ports',
  'configure-ingress',
]);

interface IngressesBefore {
  /** Services whose ingress did not run, and whose ports others get back. */
  readonly ends: ReadonlySet<string>;
  /** Services that end up without a running ingress. */
  readonly none: ReadonlySet<string>;
}

function ingressesBefore(
  begun: readonly PlannedStep<BegunStep>[],
  made: ReadonlySet<string>,
  dependentUndos: ReadonlyMap<string, readonly string[]>,
): IngressesBefore {
  const back = new Set(
    begun.flatMap(({ step }) => (step.kind === 'stop-ingress' && !made.has(step.container) ? [step.service] : [])),
  );
  const starts = begun.flatMap(({ step, after }) =>
    step.kind === 'start-ingress' && !back.has(step.service)
      ? [{ ...step, isMade: made.has(step.container), waitsForStop: after.some((id) => dependentUndos.has(id)) }]
      : [],
  );
  const ends = starts.filter(({ isMade, waitsForStop }) => !isMade && waitsForStop).map(({ service }) => service);
  const news = starts.filter(({ isMade }) => isMade).map(({ service }) => service);
  return { ends: new Set(ends), none: new Set([...ends, ...news]) };
}

/** An ingress that existed but did not run stays up, unless another one gets its ports back. */
const endAgain = ({ service, container }: Extract<ToldStep, { kind: 'start-ingress' }>): Undoing => ({
  stage: 'remove-new-ingress',
  step: { kind: 'stop-ingress', service, container, reason: 'its ports go back' },
});

const undoId = (stage: string, { step }: { readonly step: ToldStep }): string =>
  `undo ${stage} ${'container' in step ? step.container : 'name' in step ? step.name : 'service' in step ? step.service : ''}`;

/** By the id of a step that stopped something: the acts that undo the start of what waited for it. */
function dependentUndosOf(begun: readonly PlannedStep<BegunStep>[]): ReadonlyMap<string, string[]> {
  const stops = new Set(begun.flatMap(({ id, step }) => (STOPS.has(step.kind) ? [id] : [])));
  const dependentUndos = new Map<string, string[]>();
  for (const { after, step } of begun) {
    const stage = step.kind === 'start-ingress' ? 'remove-new-ingress' : 'retire-new';
    if (!STARTS.has(step.kind) || !('container' in step)) continue;
    for (const id of after)
      if (stops.has(id)) dependentUndos.set(id, [...(dependentUndos.get(id) ?? []), undoId(stage, { step })]);
  }
  return dependentUndos;
}

const STOPS: ReadonlySet<string> = new Set(['stop-replica', 'stop-ingress', 'stop-former']);
const STARTS: ReadonlySet<string> = new Set(['start-replica', 'run-job', 'start-ingress']);

interface Batches {
  /** By unit: the acts that its acts wait for. */
  readonly previous: ReadonlyMap<string, readonly string[]>;
  readonly waits: readonly PlannedStep<ActStep>[];
}

/** The stop-first places of a service change back in batches if its `rollback_config` says so. */
function batchesOf(acts: readonly Act[], services: readonly Service[]): Batches {
  const previous = new Map<string, readonly string[]>();
  const waits: PlannedStep<ActStep>[] = [];
  for (const { name, rollback } of services) {
    const own = acts.filter(({ service, unit }) => service === name && unit !== name);
    const places = [...new Set(own.map(({ unit }) => unit))];
    if (rollback.parallelism === 0 || places.length <= rollback.parallelism) continue;
    let before: string[] = [];
    for (let at = 0; at < places.length; at += rollback.parallelism) {
      const batch = places.slice(at, at + rollback.parallelism);
      for (const unit of batch) previous.set(unit, before);
      before = own.filter(({ unit }) => batch.includes(unit)).map(({ id }) => id);
      if (rollback.delayMs === 0 || at + rollback.parallelism >= places.length) continue;
      const id = `undo wait ${name} ${at + 1}`;
      const step = { kind: 'wait', service: name, delayMs: rollback.delayMs, reason: 'the file says so' } as const;
      waits.push({ id, after: before, step });
      before = [id];
    }
  }
  return { previous, waits };
}
