import { ownContainers } from '../../ledger/own-containers.ts';
import type { ContainerSummary } from '../../model/container.ts';
import type { IngressState } from '../../model/ingress.ts';
import { containerName, LABEL } from '../../model/names.ts';
import type { Project } from '../../model/project.ts';
import type { LedgerState, Release } from '../../model/release.ts';
import type { ActOf } from '../../model/step.ts';
import type { IngressContext } from '../ingresses/ingress-container.ts';
import type { IngressesFound } from '../ingresses/ingresses-found.ts';
import { isLasting, toReplica } from '../observe/observe.ts';
import { withRole } from '../observe/project-containers.ts';
import { pausesOf } from './pauses-of.ts';
import { readyOf } from './ready-of.ts';

/** The point of no return: from here on the new release is deployed, and the old containers may be removed. */
export async function commitRelease(
  context: IngressContext,
  { containers, input }: ActOf<'commit-release'>,
): Promise<void> {
  const { engine, ledger, clock, events, withdrawn } = context;
  const { project, historyFrom } = input;
  const { running, current: previous } = ledger.state;
  if (running === null) return;
  const there = await ownContainers(engine, project.name, {}, ledger);
  const current = {
    ...running,
    project: withWithdrawn(project, withdrawn),
    containers: idsOf(context, there, containers),
    completed: completedIn(there, previous),
    pausesMs: withPauses(previous?.pausesMs, pausesOf(events, input)),
    readyMs: { ...previous?.readyMs, ...readyOf(events) },
    endedAtMs: clock.now(),
    outcome: 'deployed',
  } as const;
  const history = project.history?.source ?? ledger.state.history;
  const leaving = historyFrom ?? ledger.state.leaving;
  await ledger.write({ current, running: null, history, leaving, ingresses: await toldNow(context, there) }, current);
}

/** Replicas made behind an ingress that was removed stay without their service's names. */
const withWithdrawn = (project: Project, withdrawn: ReadonlySet<string>): Project => ({
  ...project,
  services: project.services.map((service) =>
    withdrawn.has(service.name) ? { ...service, front: { ingress: false, nameless: true } } : service,
  ),
});

/** A container that was running at the last commit has not completed, even if it has ended since. */
const completedIn = (there: readonly ContainerSummary[], previous: Release | null): string[] =>
  withRole(there, 'replica').flatMap(({ id, state, exitCode }) =>
    state === 'exited' && exitCode === 0 && !isLasting(id, previous) ? [id] : [],
  );

/** Older pauses say little about the next one. */
const MOST_PAUSES = 3;

function withPauses(
  previous: Release['pausesMs'] = {},
  latest: Readonly<Record<string, number>>,
): NonNullable<Release['pausesMs']> {
  const added = Object.entries(latest).map(([service, ms]) => {
    const before = previous[service] ?? [];
    return [service, [ms, ...(typeof before === 'number' ? [before] : before)].slice(0, MOST_PAUSES)] as const;
  });
  return { ...previous, ...Object.fromEntries(added) };
}

/** The state of each running ingress once the drained replicas are gone. */
async function toldNow(
  { sessions, told }: IngressesFound,
  there: readonly ContainerSummary[],
): Promise<LedgerState['ingresses']> {
  const running = withRole(there, 'ingress').filter(({ state }) => state === 'running');
  const states = await Promise.all(
    running.map(async ({ id, labels }) => {
      const session = await sessions.get(labels[LABEL.service] ?? '')?.catch(() => undefined);
      return [id, session?.state ?? told.get(id)] as const;
    }),
  );
  return Object.fromEntries(states.flatMap(([id, state]) => (state === undefined ? [] : [[id, serving(state)]])));
}

const serving = (state: IngressState): IngressState => ({
  ...state,
  slots: state.slots.map((fill) => (fill?.state === 'ready' ? fill : null)),
});

/** Ids of the containers that stay and exist; for a place that was undone by itself, its old ones. */
function idsOf(
  { projectName, release, made, ids }: IngressContext,
  there: readonly ContainerSummary[],
  containers: readonly string[],
): string[] {
  const byId = new Map(containers.map((name) => [made.get(name) ?? ids.get(name) ?? name, name]));
  const stays = there.filter(({ id, name }) => byId.has(id) || byId.has(name));
  const found = new Set(stays.map(({ id, name }) => byId.get(id) ?? name));
  const kept = withRole(there, 'replica').filter((one) => {
    const filling = containerName(projectName, toReplica(one).replica, release);
    return containers.includes(filling) && !found.has(filling);
  });
  return [...stays, ...kept].map(({ id }) => id);
}
