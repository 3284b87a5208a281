import { ensureKeeper, type Keeper } from '../ledger/keeper.ts';
import { acquireLease, type Lease } from '../ledger/lease.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { ownContainers } from '../ledger/own-containers.ts';
import type { ContainerSummary } from '../model/container.ts';
import { LobbieError } from '../model/errors.ts';
import { whyNoHistory } from '../model/history-path.ts';
import { isAnonymous } from '../model/mount.ts';
import { LABEL, ledgerVolumeName } from '../model/names.ts';
import type { Project } from '../model/project.ts';
import type { Release } from '../model/release.ts';
import type { DownResult } from '../model/results.ts';
import { removeHistory as removeEntriesOf } from './acts/remove-history.ts';
import { removeUnusedNetwork, removeUnusedVolume } from './acts/remove-unused.ts';
import { removeReplica } from './acts/retire-replica.ts';
import { clearFileVolumes } from './files/file-volumes.ts';
import type { Surroundings } from './given/surroundings.ts';
import { ensureIngressImage, findIngressImage } from './images/ensure-ingress-image.ts';
import { clearErrands } from './observe/errands.ts';
import { ownNetworks, ownVolumes, present } from './observe/own-networks-and-volumes.ts';
import { findAndTell, withRole } from './observe/project-containers.ts';
import { recordEnd } from './record/record-end.ts';

export interface TakeDownOptions {
  /** Also remove the ledger. */
  readonly removeHistory: boolean;
  /** Also remove the project's own volumes and their data, but not external ones. */
  readonly removeVolumes?: boolean;
  /** Names of the volumes that the Compose files in this directory mark as external. */
  readonly externalVolumes?: readonly string[];
  /** The user's home directory on the engine's machine. It is never a history, whatever the ledger says. */
  readonly homeDirectory?: string;
}

/** Containers get the engine's default time to stop. */
const GRACE_MS = 10_000;

/**
 * Takes a project down: ingresses first, so that no request reaches a replica that is stopping, then replicas and
 * networks, including those of earlier releases. The history, the ledger and the volumes stay unless the options say
 * otherwise.
 */
export async function takeDown(
  surroundings: Surroundings,
  project: string,
  options: TakeDownOptions,
): Promise<DownResult> {
  const { engine, clock, holder } = surroundings;
  const hadLedger = (await engine.inspectVolume(ledgerVolumeName(project))) !== undefined;
  const isThere = await isAnythingThere(surroundings, project);
  if (!hadLedger && !isThere) return { type: 'down', outcome: 'not-deployed', project, removed: [], kept: [] };
  const image = await ensureIngressImage(surroundings, await findIngressImage(surroundings, project));
  const lease = await acquireLease(engine, clock, { project, image, holder });
  try {
    const down = await openDown(surroundings, project, options, lease);
    await lease.started;
    await removeContainers(down);
    await clearFileVolumes(engine, project);
    await removeNetworks(down);
    await removeVolumes(down);
    await endRelease(down);
    await removeHistory(down, image, hadLedger);
    const { removed, kept } = down;
    return { type: 'down', outcome: removed.length > 0 ? 'down' : 'not-deployed', project, removed, kept };
  } finally {
    await lease.unlock();
  }
}

/** Warns about containers that only look like those of the project. */
async function isAnythingThere(surroundings: Surroundings, project: string): Promise<boolean> {
  const { engine } = surroundings;
  const found = await findAndTell(surroundings, project);
  const left = [...(await ownVolumes(engine, project)), ...(await ownNetworks(engine, project))];
  return found.length + left.length > 0;
}

/** A project while it is taken down. */
interface Down {
  readonly surroundings: Surroundings;
  readonly project: string;
  readonly options: TakeDownOptions;
  readonly lease: Lease;
  readonly keeper: Keeper;
  readonly ledger: Ledger;
  /** The deployed project, and the project of a rollout that died. */
  readonly known: readonly Project[];
  readonly history: string | null;
  /** Names of external volumes, including those of earlier releases. */
  readonly external: readonly string[];
  /** Names of the anonymous volumes that containers left. */
  readonly anonymous: Set<string>;
  /** For the result. */
  readonly removed: string[];
  readonly kept: string[];
}

async function openDown(
  surroundings: Surroundings,
  project: string,
  options: TakeDownOptions,
  lease: Lease,
): Promise<Down> {
  const { engine } = surroundings;
  const keeper = await ensureKeeper(engine, project, undefined);
  const [ledger] = await Promise.all([openLedger(engine, keeper), clearErrands(engine, project)]);
  const { current, running, history, externalVolumes = [] } = ledger.state;
  const release = current ?? running;
  if (options.removeHistory && history !== null) checkRemovable(project, history, release, options.homeDirectory);
  const known = [current?.project, running?.project].filter((one) => one !== undefined);
  known.forEach(surroundings.secrets.learn);
  // A volume that is or ever was external is meant to outlive the project.
  const external = [
    ...externalVolumes,
    ...known.flatMap(({ volumes }) => volumes.filter((one) => one.external).map(({ name }) => name)),
    ...(options.externalVolumes ?? []),
  ];
  const found = { anonymous: new Set<string>(), removed: [], kept: [] };
  return { surroundings, project, options, lease, keeper, ledger, known, history, external, ...found };
}

/** Notes that something was removed, or why it was kept. */
const note = ({ removed, kept }: Down, what: string, whyKept: string | undefined): void =>
  void (whyKept === undefined ? removed.push(what) : kept.push(`${what} (${whyKept})`));

async function removeContainers(down: Down): Promise<void> {
  const { surroundings, project, lease, ledger } = down;
  const containers = await ownContainers(surroundings.engine, project, {}, ledger);
  for (const role of ['ingress', 'replica'] as const) {
    surroundings.signal.throwIfAborted();
    await lease.check();
    const ended = await Promise.allSettled(
      withRole(containers, role).map(async (container) => {
        await (role === 'ingress' ? endIngress(down, container) : endReplica(down, container));
        down.removed.push(`container ${container.name}`);
      }),
    );
    // All of them have ended by now, so nothing runs on without the lease.
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }
}

async function endIngress({ surroundings: { engine } }: Down, { id }: ContainerSummary): Promise<void> {
  await engine.stopContainer(id, GRACE_MS);
  await engine.removeContainer(id, { force: true });
}

async function endReplica(
  { surroundings: { engine, clock }, ledger, known, anonymous }: Down,
  { id, labels }: ContainerSummary,
): Promise<void> {
  const before = await engine.inspectContainer(id);
  const services = known.flatMap((project) => project.services);
  const graceMs = services.findLast(({ name }) => name === labels[LABEL.service])?.stopGracePeriodMs;
  await engine.stopContainer(id, graceMs ?? GRACE_MS);
  if (before === undefined) return engine.removeContainer(id, { force: true });
  await recordEnd(ledger, [before, await engine.inspectContainer(id)], clock.now());
  await removeReplica(engine, before);
  const volumes = before.volumes.filter((one) => isAnonymous(one.name));
  for (const name of (await present(volumes, engine.inspectVolume)).keys()) anonymous.add(name);
}

/** Includes networks of earlier releases that are no longer in any file. */
async function removeNetworks(down: Down): Promise<void> {
  const { surroundings, project, known } = down;
  const { engine } = surroundings;
  const labelled = (await ownNetworks(engine, project)).map((name) => ({ name, external: false }));
  for (const { name, external } of distinct([...labelled, ...known.flatMap(({ networks }) => networks)])) {
    if ((await engine.inspectNetwork(name)) === undefined) continue;
    note(down, `network ${name}`, external ? 'it is external' : await removeUnusedNetwork(engine, project, name));
  }
}

async function removeVolumes(down: Down): Promise<void> {
  const { surroundings, project, options, external, anonymous, kept } = down;
  const { engine } = surroundings;
  for (const name of await ownVolumes(engine, project)) {
    if (!options.removeVolumes) kept.push(`volume ${name}`);
    else
      note(down, `volume ${name}`, external.includes(name) ? 'it is external' : await removeUnusedVolume(engine, name));
  }
  for (const name of anonymous) {
    if (options.removeVolumes) await removeUnusedVolume(engine, name);
    else kept.push(`anonymous volume ${name}`);
  }
}

/** Called only when everything else is gone: if `down` is killed before, the next one still knows the release. */
async function endRelease({ surroundings: { clock }, ledger, external }: Down): Promise<void> {
  const { current } = ledger.state;
  const ended = current === null ? undefined : { ...current, outcome: 'down' as const, endedAtMs: clock.now() };
  await ledger.write({ current: null, running: null, ingresses: {}, externalVolumes: [...new Set(external)] }, ended);
}

/** Removes the history and the ledger, or keeps them. Always removes the keeper. */
async function removeHistory(down: Down, image: string, hadLedger: boolean): Promise<void> {
  const { surroundings, project, options, history, removed, kept } = down;
  const { engine } = surroundings;
  let { keeper } = down;
  if (options.removeHistory && history !== null) {
    keeper = await ensureKeeper(engine, project, history);
    const done = await removeEntriesOf(surroundings, keeper, image, history);
    if (done.kept !== undefined && done.entries > 0)
      removed.push(`${done.entries} history ${done.entries === 1 ? 'entry' : 'entries'}`);
    note(down, `history ${history}`, done.kept);
  }
  await engine.removeContainer(keeper.id, { force: true });
  if (options.removeHistory) {
    // A first deploy that failed leaves a ledger, and no history.
    await engine.removeVolume(ledgerVolumeName(project));
    if (hadLedger) removed.push(`ledger ${ledgerVolumeName(project)}`);
  } else if (history !== null) kept.push(`history ${history}`);
}

/**
 * The ledger is untrusted input: an older version or somebody else may have written it.
 *
 * @throws LobbieError `INVALID_INPUT` if the history is a directory that lobbie must never remove
 */
function checkRemovable(project: string, history: string, release: Release | null, homeDirectory?: string): void {
  const why = whyNoHistory(history, { projectDirectory: release?.origin?.directory, homeDirectory });
  if (why === undefined) return;
  throw new LobbieError('INVALID_INPUT', `The history of project ${project} cannot be removed: ${history} ${why}.`, {
    hint: 'Nothing was removed. Take it down without --history, and remove its include-me-*.txt by hand.',
  });
}

const distinct = <T extends { readonly name: string }>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [one.name, one])).values(),
];
