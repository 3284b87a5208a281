import { ensureKeeper } from '../ledger/keeper.ts';
import { acquireLease, type Lease } from '../ledger/lease.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { ownContainers } from '../ledger/own-containers.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { whyNoHistory } from '../model/history-path.ts';
import { isAnonymous } from '../model/mount.ts';
import { LABEL, ledgerVolumeName } from '../model/names.ts';
import type { Project } from '../model/project.ts';
import type { Release } from '../model/release.ts';
import type { DownResult } from '../model/results.ts';
import { removeHistory as removeEntriesOf } from './acts/remove-history.ts';
import { removeReplica } from './acts/remove-replica.ts';
import { clearFileVolumes } from './files/file-volumes.ts';
import type { Surroundings } from './given/surroundings.ts';
import { ensureIngressImage, findIngressImage } from './images/ensure-ingress-image.ts';
import { clearErrands } from './observe/errands.ts';
import { findAndTell } from './observe/find-and-tell.ts';
import { ownNetworks } from './observe/own-networks.ts';
import { belongsTo } from './observe/own-networks-and-volumes.ts';
import { ownVolumes } from './observe/own-volumes.ts';
import { present } from './observe/present.ts';
import { withRole } from './observe/with-role.ts';
import { recordEnd } from './record/record-end.ts';

export interface TakeDownOptions {
  /** The ledger goes too. */
  readonly removeHistory: boolean;
  /** The project's own volumes and what is in them, but for external ones. */
  readonly removeVolumes?: boolean;
  /** Names of the volumes that the Compose files here call external. */
  readonly externalVolumes?: readonly string[];
  /** Of the user, on the engine's machine: it is no history, whatever the ledger says. */
  readonly homeDirectory?: string;
}

/** What is stopped gets the engine's own time for it. */
const GRACE_MS = 10_000;

/**
 * Takes a project down: ingresses first, so that nobody is sent to what is stopping, then replicas and networks,
 * those of earlier releases too. The history, the ledger and the volumes stay unless told otherwise.
 */
export async function takeDown(
  surroundings: Surroundings,
  project: string,
  { removeHistory, removeVolumes = false, externalVolumes = [], homeDirectory }: TakeDownOptions,
): Promise<DownResult> {
  const { engine, clock, holder } = surroundings;
  const hadLedger = (await engine.inspectVolume(ledgerVolumeName(project))) !== undefined;
  const found = await findAndTell(surroundings, project);
  const left = [...(await ownVolumes(engine, project)), ...(await ownNetworks(engine, project))];
  if (!hadLedger && found.length === 0 && left.length === 0)
    return { type: 'down', outcome: 'not-deployed', project, removed: [], kept: [] };
  const image = await ensureIngressImage(surroundings, await findIngressImage(surroundings, project));
  const lease = await acquireLease(engine, clock, { project, image, holder });
  try {
    const keeper = await ensureKeeper(engine, project, undefined);
    const [ledger] = await Promise.all([openLedger(engine, keeper), clearErrands(engine, project)]);
    const { current, running, history } = ledger.state;
    if (removeHistory && history !== null) checkRemovable(project, history, current ?? running, homeDirectory);
    const known = [current?.project, running?.project].filter((one) => one !== undefined);
    const removed: string[] = [];
    const kept: string[] = [];
    const tell = (what: string, reason: string | undefined): void =>
      void (reason === undefined ? removed.push(what) : kept.push(`${what} (${reason})`));

    const anonymous = await removeContainers(surroundings, project, { lease, ledger, known, removed });
    await clearFileVolumes(engine, project);
    // Those of earlier releases too, which no file names any more.
    const labelled = (await ownNetworks(engine, project)).map((name) => ({ name, external: false }));
    for (const { name, external } of distinct([...labelled, ...known.flatMap(({ networks }) => networks)])) {
      if ((await engine.inspectNetwork(name)) === undefined) continue;
      tell(`network ${name}`, external ? 'it is external' : await removeNetwork(engine, project, name));
    }
    // What was external once, or is by now, was made to last.
    const external = [
      ...(ledger.state.externalVolumes ?? []),
      ...known.flatMap(({ volumes }) => volumes.filter((one) => one.external).map(({ name }) => name)),
      ...externalVolumes,
    ];
    for (const name of await ownVolumes(engine, project)) {
      if (!removeVolumes) kept.push(`volume ${name}`);
      else tell(`volume ${name}`, external.includes(name) ? 'it is external' : await removeVolume(engine, name));
    }
    for (const name of new Set(anonymous)) {
      if (removeVolumes) await removeVolume(engine, name);
      else kept.push(`anonymous volume ${name}`);
    }
    // Only now: what is cut off before this is found, and taken down, by the next one.
    const ended = current === null ? undefined : { ...current, outcome: 'down' as const, endedAtMs: clock.now() };
    await ledger.write({ current: null, running: null, ingresses: {}, externalVolumes: [...new Set(external)] }, ended);
    const above = removeHistory && history !== null ? await ensureKeeper(engine, project, history) : keeper;
    if (removeHistory && history !== null) {
      const done = await removeEntriesOf(surroundings, above, image, history);
      if (done.kept === undefined) removed.push(`history ${history}`);
      else {
        if (done.entries > 0) removed.push(`${done.entries} history ${done.entries === 1 ? 'entry' : 'entries'}`);
        kept.push(`history ${history} (${done.kept})`);
      }
    }
    await engine.removeContainer(above.id, { force: true });
    if (removeHistory) {
      // A first deploy that failed has left a ledger, and no history.
      await engine.removeVolume(ledgerVolumeName(project));
      if (hadLedger) removed.push(`ledger ${ledgerVolumeName(project)}`);
    } else if (history !== null) kept.push(`history ${history}`);
    return { type: 'down', outcome: removed.length > 0 ? 'down' : 'not-deployed', project, removed, kept };
  } finally {
    await lease.unlock();
  }
}

/**
 * What the ledger says is input too: it may have been written by an older version, or by somebody else.
 *
 * @throws LobbieError `INVALID_INPUT` where the history is a directory that is never lobbie's to remove
 */
function checkRemovable(project: string, history: string, release: Release | null, homeDirectory?: string): void {
  const why = whyNoHistory(history, { projectDirectory: release?.origin?.directory, homeDirectory });
  if (why === undefined) return;
  throw new LobbieError('INVALID_INPUT', `The history of project ${project} cannot be removed: ${history} ${why}.`, {
    hint: 'Nothing was removed. Take it down without --history, and remove its include-me-*.txt by hand.',
  });
}

/** Gives the names of the anonymous volumes that they leave. */
async function removeContainers(
  { engine, clock, signal }: Surroundings,
  project: string,
  { lease, ledger, known, removed }: { lease: Lease; ledger: Ledger; known: readonly Project[]; removed: string[] },
): Promise<string[]> {
  const graceMs = new Map(
    known.flatMap(({ services }) => services.map((service) => [service.name, service.stopGracePeriodMs])),
  );
  const anonymous: string[] = [];
  const containers = await ownContainers(engine, project, {}, ledger);
  for (const role of ['ingress', 'replica']) {
    signal.throwIfAborted();
    await lease.check();
    const ended = await Promise.allSettled(
      withRole(containers, role).map(async ({ id, name, labels }) => {
        const before = await engine.inspectContainer(id);
        const ownGraceMs = role === 'replica' ? graceMs.get(labels[LABEL.service] ?? '') : undefined;
        await engine.stopContainer(id, ownGraceMs ?? GRACE_MS);
        if (role === 'replica' && before !== undefined)
          await recordEnd(ledger, [before, await engine.inspectContainer(id)], clock.now());
        if (role === 'replica' && before !== undefined) {
          await removeReplica(engine, before);
          const left = await present(
            before.volumes.filter((one) => isAnonymous(one.name)),
            engine.inspectVolume,
          );
          anonymous.push(...left.keys());
        } else await engine.removeContainer(id, { force: true });
        removed.push(`container ${name}`);
      }),
    );
    // All of them have ended by now, so that nothing goes on without the lease.
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }
  return anonymous;
}

const distinct = <T extends { readonly name: string }>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [one.name, one])).values(),
];

/** Removes a network if it is the project's own and nobody else uses it; otherwise says why it is kept. */
async function removeNetwork(engine: Engine, project: string, name: string): Promise<string | undefined> {
  const found = await engine.inspectNetwork(name);
  if (found === undefined || !belongsTo(project, found.labels)) return 'lobbie did not make it';
  const users = (await engine.listAllContainers()).filter(({ addresses }) => name in addresses);
  if (users.length > 0) return `in use by ${users.map((user) => user.name).join(', ')}`;
  return refusal(engine.removeNetwork(name));
}

/** Removes a volume, or says why it is kept. */
const removeVolume = (engine: Engine, name: string): Promise<string | undefined> => refusal(engine.removeVolume(name));

/** Why the engine did not remove something; undefined where it did. */
const refusal = (removing: Promise<void>): Promise<string | undefined> =>
  removing.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof LobbieError && error.code === 'ENGINE_ERROR') return error.message;
      throw error;
    },
  );
