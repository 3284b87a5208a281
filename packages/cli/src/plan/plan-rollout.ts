import type { ObservedState } from '../model/observed.ts';
import type { Plan, PlannedStep } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import { holdsNames } from '../model/service-names.ts';
import type { BegunStep } from '../model/step.ts';
import { type AddressMoves, addressMoves, NO_MOVES, sameMoves } from './address-moves.ts';
import { callingOf, ingressesBefore } from './calling-steps.ts';
import { changesOf, inFewWords } from './changes.ts';
import { definitionsOf } from './definitions.ts';
import { inDependencyOrder, replacedDependency, waitsOf } from './dependencies.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { doneBefore } from './done-before.ts';
import { lendPorts } from './lend-ports.ts';
import { planFoundations } from './plan-foundations.ts';
import { runOf } from './plan-job.ts';
import { endService, orphansOf } from './plan-orphans.ts';
import { planService } from './plan-service.ts';
import { gives, heldBefore, heldNow, orderMoves, portMoves } from './port-moves.ts';
import { retireReplica } from './retire.ts';
import { watchAnswers } from './watch-answers.ts';

/**
 * Plans the steps from the observed to the desired state; none if they are equal. Every new replica passes its gate
 * before the release is committed, and nothing is removed before that.
 */
export function planRollout(desired: Desired, observed: ObservedState): Plan {
  let moves = NO_MOVES;
  // A service that is replaced because of a moved name may have a name that moves too. Each service is replaced only
  // once.
  for (let round = 0; ; round += 1) {
    const { plan, planned } = planWith(moves, desired, observed);
    const found = addressMoves(desired, observed, planned);
    if (sameMoves(found, moves) || round > desired.project.services.length) return plan;
    moves = found;
  }
}

/** The plan if these names lead to other addresses after it. */
function planWith(
  moves: AddressMoves,
  desired: Desired,
  observed: ObservedState,
): { plan: Plan; planned: ReadonlyMap<string, ServiceSteps> } {
  const { project, only } = desired;
  // What a rollout that died left must be repaired, whichever services were asked for.
  const services = project.services.filter(
    ({ name }) =>
      only === undefined || observed.unfinished !== undefined || only.includes(name) || moves.renewed.has(name),
  );
  const foundations = planFoundations(desired, services, observed);
  const strangers = orphansOf(desired, observed);
  const [ended, orphans] = desired.removeOrphans ? [strangers, []] : [[], strangers];
  const done = doneBefore(desired, observed);
  const planned = planServices(services, desired, observed, { foundations, ended, done, moves });

  const moved = [...foundations, ...[...planned.values()].flatMap((steps) => steps.before)];
  const before = [...moved, ...watchAnswers(project.services, moved)];
  const retired = [...planned.values()].flatMap((steps) => steps.after);
  const after = [...retired, ...leaveHistory(desired, before, retired)];
  // Images alone are not a release: nothing new runs.
  const changes = [...before, ...after].some(({ step }) => step.kind !== 'build-image');
  if (!changes && observed.unfinished === undefined) return { plan: { steps: before, orphans }, planned };
  const commit: PlannedStep = {
    id: 'commit',
    after: before.map(({ id }) => id),
    step: {
      kind: 'commit-release',
      release: desired.release,
      containers: staying([...planned.keys()], observed, before, after),
      input: {
        project: desired.project,
        traits: desired.traits,
        ...(desired.historyFrom !== undefined && { historyFrom: desired.historyFrom }),
      },
      reason: before.length === 0 ? 'what was left is cleaned up' : 'every replica passed',
    },
  };
  const retire = after.map((one) => ({ ...one, after: [...one.after, commit.id] }));
  const { readdressed } = moves;
  const rest = { ...(done.length > 0 && { done }), ...(readdressed.length > 0 && { readdressed }), orphans };
  return { plan: { steps: [...before, commit, ...retire], ...rest }, planned };
}

/** Clears old directories of the history once nobody writes to them any more. */
function leaveHistory(
  { project, historyFrom, leavesHistory }: Desired,
  before: readonly PlannedStep[],
  retired: readonly PlannedStep[],
): PlannedStep[] {
  const source = project.history?.source;
  const copied = before.some(({ step }) => step.kind === 'prepare-history');
  const left = new Set([...(copied ? [historyFrom] : []), leavesHistory]);
  const mounted = project.services.flatMap(({ mounts }) => mounts.map((one) => one.kind === 'bind' && one.source));
  if (source === undefined) return [];
  const ids = retired.map(({ id }) => id);
  const reason = `the history is in ${source} now`;
  return [...left].flatMap((from): PlannedStep[] => {
    if (from === undefined || from === source || mounted.includes(from)) return [];
    return [{ id: `leave ${from}`, after: ids, needs: ids, step: { kind: 'leave-history', from, source, reason } }];
  });
}

/** The project after the rollout. Services that are not planned stay as they were. */
function staying(
  planned: readonly string[],
  { replicas, ingresses }: ObservedState,
  before: readonly PlannedStep[],
  after: readonly PlannedStep[],
): string[] {
  const there = [...replicas.map((one) => ({ ...one, service: one.replica.service })), ...ingresses];
  const had = there.filter(({ deployed, service }) => deployed || planned.includes(service));
  const made = before.flatMap(({ step }) =>
    step.kind === 'start-replica' || step.kind === 'run-job' || step.kind === 'create-ingress' ? [step.container] : [],
  );
  const gone = new Set(
    after.flatMap(({ step }) =>
      step.kind === 'retire-replica' || step.kind === 'remove-ingress' ? [step.container] : [],
    ),
  );
  return [...had.map(({ container }) => container), ...made].filter((name) => !gone.has(name));
}

function planServices(
  services: readonly Service[],
  desired: Desired,
  observed: ObservedState,
  {
    foundations,
    ended,
    done,
    moves: named,
  }: {
    foundations: readonly PlannedStep[];
    ended: readonly string[];
    done: readonly PlannedStep<BegunStep>[];
    moves: AddressMoves;
  },
): ReadonlyMap<string, ServiceSteps> {
  const based = foundations.map(({ id }) => id);
  const moves = portMoves(services, heldNow(observed));
  const there = byService(observed);
  const planned = new Map<string, ServiceSteps>();
  const renewed = new Set<string>();
  for (const service of inDependencyOrder(services, named.after)) {
    const { name } = service;
    const replicas = there.replicas.get(name) ?? [];
    const steps = planService(service, desired, {
      replicas,
      ingresses: there.ingresses.get(name) ?? [],
      composeContainers: there.composeContainers.get(name) ?? [],
      unfinished: observed.unfinished?.id,
      definitions: definitionsOf(name, desired, observed),
      based,
      waits: waitsOf(service, planned, named.after.get(name)),
      renew: desired.recreate.includes(name)
        ? 'recreate was requested'
        : (replacedDependency(service, renewed) ?? named.renewed.get(name)),
      changed: whyChanged(there.current.get(name), service),
      gives: {
        ingress: gives(moves, name, 'ingress'),
        replicas: gives(moves, name, 'replicas'),
        composeContainers: gives(
          moves.filter(({ to }) => to.service !== name),
          name,
          'composeContainers',
        ),
      },
    });
    planned.set(name, steps);
    const places = new Set(replicas.map(({ replica }) => replica.index));
    const renews = ({ step }: PlannedStep): boolean =>
      step.kind === 'start-replica' && (places.size === 0 || places.has(step.replica.index));
    if (steps.before.some(renews)) renewed.add(name);
  }
  for (const name of ended) planned.set(name, endService(name, desired, observed, moves, based));
  // Images alone change nothing that runs.
  if (foundations.every(({ step }) => step.kind === 'build-image')) leaveJobs(services, desired, observed, planned);
  const lent = lendPorts(services, planned, desired, observed);
  const waits = orderMoves(moves, lent);
  const tookOver = orderMoves(portMoves(services, heldBefore(observed, done)), lent, done);
  const ordered = (one: PlannedStep): PlannedStep => ({
    ...callingOf(one, named, desired.project),
    after: [
      ...one.after,
      ...(waits.get(one.id) ?? []),
      ...(tookOver.get(one.id) ?? []),
      ...ingressesBefore(one, named, lent),
    ],
  });
  // In the order of the file, whatever the dependencies.
  const names = [...services.map(({ name }) => name), ...ended];
  return new Map(
    names.map((name) => {
      const { before = [], after = [] } = lent.get(name) ?? {};
      return [name, { before: before.map(ordered), after }];
    }),
  );
}

/** Why containers of another definition are replaced. */
function whyChanged(before: Service | undefined, service: Service): string {
  if (before === undefined || holdsNames(before) === holdsNames(service)) return inFewWords(changesOf(before, service));
  return holdsNames(before) ? 'an ingress now answers to its name' : 'its name leads to its containers again';
}

/** Jobs run with every change. Without a change, those that have run stay as they are. */
function leaveJobs(
  services: readonly Service[],
  desired: Desired,
  observed: ObservedState,
  planned: Map<string, ServiceSteps>,
): void {
  const jobs = services
    .filter(({ job, replicas }) => job && replicas > 0)
    .map((service) => {
      const containers = observed.replicas.filter(({ replica }) => replica.service === service.name);
      const takenOver = observed.composeContainers.some((one) => one.service === service.name);
      const run = takenOver ? undefined : runOf(service, desired, containers);
      return { name: service.name, containers, run };
    });
  const names = new Set(jobs.map(({ name }) => name));
  const others = [...planned].filter(([name]) => !names.has(name)).map(([, steps]) => steps);
  if (others.some(({ before, after }) => before.length + after.length > 0) || jobs.some(({ run }) => !run)) return;
  for (const { name, containers, run } of jobs) {
    const extra = containers.filter((one) => one !== run);
    const definitions = definitionsOf(name, desired, observed);
    planned.set(name, {
      before: [],
      after: extra.map((old) => retireReplica(old, 'the job has run again', definitions)),
    });
  }
}

function byService({ replicas, ingresses, composeContainers, current }: ObservedState) {
  return {
    replicas: Map.groupBy(replicas, ({ replica }) => replica.service),
    ingresses: Map.groupBy(ingresses, ({ service }) => service),
    composeContainers: Map.groupBy(composeContainers, ({ service }) => service),
    current: new Map((current?.project.services ?? []).map((service) => [service.name, service])),
  };
}
