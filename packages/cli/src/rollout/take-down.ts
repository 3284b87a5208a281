import { posix } from 'node:path';
import { ensureKeeper } from '../ledger/keeper.ts';
import { acquireLease } from '../ledger/lease.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { ContainerSummary, Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL, ledgerVolumeName } from '../model/names.ts';
import type { DownResult } from '../model/results.ts';
import type { Surroundings } from './context.ts';
import { ensureIngressImage, findIngressImage } from './ensure-ingress-image.ts';
import { clearErrands, onErrand } from './errands.ts';
import { recordEnd } from './record-end.ts';

/** What is stopped gets the engine's own time for it. */
const GRACE_MS = 10_000;

/**
 * Takes a project down: ingresses first, so that nobody is sent to what is stopping, then replicas and networks. The
 * history and the ledger stay unless told otherwise.
 */
export async function takeDown(
  surroundings: Surroundings,
  project: string,
  { removeHistory }: { removeHistory: boolean },
): Promise<DownResult> {
  const { engine, clock, holder, signal } = surroundings;
  if (await isUnknown(engine, project)) return { type: 'down', project, removed: [], kept: [] };
  const image = await ensureIngressImage(surroundings, await findIngressImage(surroundings, project));
  const lease = await acquireLease(engine, clock, { project, image, holder });
  try {
    const keeper = await ensureKeeper(engine, project, undefined);
    const ledger = await openLedger(engine, keeper);
    await Promise.all([ledger.begin(), clearErrands(engine, project)]);
    const { current, running, history } = ledger.state;
    const deployed = (current ?? running)?.project;
    const graceMs = new Map(deployed?.services.map((service) => [service.name, service.stopGracePeriodMs]));
    const removed: string[] = [];
    const containers = await engine.listContainers({ [LABEL.project]: project });
    const withRole = (role: string): ContainerSummary[] =>
      containers.filter(({ labels }) => labels[LABEL.role] === role);

    for (const role of ['ingress', 'replica']) {
      signal.throwIfAborted();
      await lease.check();
      const ended = await Promise.allSettled(
        withRole(role).map(async ({ id, name, labels }) => {
          const before = await engine.inspectContainer(id);
          const ownGraceMs = role === 'replica' ? graceMs.get(labels[LABEL.service] ?? '') : undefined;
          await engine.stopContainer(id, ownGraceMs ?? GRACE_MS);
          if (role === 'replica' && before !== undefined)
            await recordEnd(ledger, [before, await engine.inspectContainer(id)], clock.now());
          await engine.removeContainer(id, { force: true });
          removed.push(`container ${name}`);
        }),
      );
      // All of them have ended by now, so that nothing goes on without the lease.
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    }
    const kept: string[] = [];
    for (const { name } of deployed?.networks ?? []) {
      if ((await engine.inspectNetwork(name)) === undefined) continue;
      const reason = await removeNetwork(engine, project, name);
      if (reason === undefined) removed.push(`network ${name}`);
      else kept.push(`network ${name} (${reason})`);
    }
    // Only now: what is cut off before this is found, and taken down, by the next one.
    await ledger.write({ current: null, running: null });
    if (current !== null) await ledger.recordRelease({ ...current, outcome: 'down', endedAtMs: clock.now() });
    await engine.removeContainer(keeper.id, { force: true });
    if (removeHistory) {
      if (history !== null) {
        await removeDirectory(surroundings, project, image, history);
        removed.push(`history ${history}`);
      }
      // A first deploy that failed has left a ledger, and no history.
      await engine.removeVolume(ledgerVolumeName(project));
    } else if (history !== null) kept.push(`history ${history}`);
    return { type: 'down', project, removed, kept };
  } finally {
    await lease.release();
  }
}

/** Nothing of it is there: then nothing is made either, to be told so. */
async function isUnknown(engine: Engine, project: string): Promise<boolean> {
  const [containers, ledger] = await Promise.all([
    engine.listContainers({ [LABEL.project]: project }),
    engine.volumeExists(ledgerVolumeName(project)),
  ]);
  return containers.length === 0 && !ledger;
}

/** Removes a network if it is the project's own and nobody else uses it; otherwise says why it is kept. */
async function removeNetwork(engine: Engine, project: string, name: string): Promise<string | undefined> {
  const found = await engine.inspectNetwork(name);
  if (found?.labels[LABEL.project] !== project) return 'lobbie did not make it';
  const users = (await engine.listAllContainers()).filter(({ addresses }) => name in addresses);
  if (users.length > 0) return `in use by ${users.map((user) => user.name).join(', ')}`;
  await engine.removeNetwork(name);
  return undefined;
}

/** The engine's API has no call that deletes files: a container of the ingress's image does it, on any engine. */
async function removeDirectory(
  { engine, clock }: Surroundings,
  project: string,
  image: string,
  directory: string,
): Promise<void> {
  const spec = {
    image,
    user: '0:0',
    entrypoint: ['rm', '-rf', '--', posix.join('/above', posix.basename(directory))],
    command: [],
    mounts: [{ kind: 'bind', source: posix.dirname(directory), target: '/above', readOnly: false }],
  } as const;
  await onErrand(engine, project, spec, async (id) => {
    await engine.startContainer(id);
    while ((await engine.inspectContainer(id))?.state === 'running') await clock.sleep(20);
    const ended = await engine.inspectContainer(id);
    if (ended?.exitCode === 0) return;
    throw new LobbieError('ENGINE_ERROR', `The history ${directory} could not be removed.`, {
      hint: `Remove it by hand: \`rm -r ${directory}\`.`,
    });
  });
}
