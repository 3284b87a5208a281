import { posix } from 'node:path';
import { ensureKeeper } from '../ledger/keeper.ts';
import { acquireLease } from '../ledger/lease.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { ContainerSummary } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL, ledgerVolumeName } from '../model/names.ts';
import type { DownResult } from '../model/results.ts';
import type { Surroundings } from './context.ts';
import { ensureIngressImage } from './ensure-ingress-image.ts';

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
  const { engine, clock, holder } = surroundings;
  const image = await ensureIngressImage(surroundings);
  const lease = await acquireLease(engine, clock, { project, image, holder });
  try {
    const keeper = await ensureKeeper(engine, project, undefined);
    const ledger = await openLedger(engine, keeper);
    const { current, running, history } = ledger.state;
    const deployed = (current ?? running)?.project;
    const graceMs = new Map(deployed?.services.map((service) => [service.name, service.stopGracePeriodMs]));
    const removed: string[] = [];
    const containers = await engine.listContainers({ [LABEL.project]: project });
    const withRole = (role: string): ContainerSummary[] =>
      containers.filter(({ labels }) => labels[LABEL.role] === role);

    await ledger.write({ current: null, running: null });
    if (current !== null) await ledger.recordRelease({ ...current, outcome: 'down', endedAtMs: clock.now() });
    for (const role of ['ingress', 'replica']) {
      await lease.check();
      await Promise.all(
        withRole(role).map(async ({ id, name, labels }) => {
          await engine.stopContainer(id, graceMs.get(labels[LABEL.service] ?? '') ?? GRACE_MS);
          const ended = await engine.inspectContainer(id);
          if (role === 'replica') {
            await ledger.updateContainer(name, {
              endedAtMs: ended?.finishedAtMs ?? clock.now(),
              ...(ended?.exitCode !== undefined && { exitCode: ended.exitCode }),
            });
          }
          await engine.removeContainer(id, { force: true });
          removed.push(`container ${name}`);
        }),
      );
    }
    for (const { name } of deployed?.networks ?? []) {
      await engine.removeNetwork(name);
      removed.push(`network ${name}`);
    }
    await engine.removeContainer(keeper.id, { force: true });
    if (removeHistory && history !== null) {
      await removeDirectory(surroundings, project, image, history);
      await engine.removeVolume(ledgerVolumeName(project));
      removed.push(`history ${history}`);
    }
    return { type: 'down', project, removed, kept: removeHistory || history === null ? [] : [`history ${history}`] };
  } finally {
    await lease.release();
  }
}

/** The engine's API has no call that deletes files: a container of the ingress's image does it, on any engine. */
async function removeDirectory(
  { engine, clock }: Surroundings,
  project: string,
  image: string,
  directory: string,
): Promise<void> {
  const id = await engine.createContainer({
    name: `${project}-lobbie-remove-history`,
    image,
    labels: { [LABEL.project]: project, [LABEL.role]: 'keeper' },
    user: '0:0',
    entrypoint: ['rm', '-rf', '--', posix.join('/above', posix.basename(directory))],
    command: [],
    networks: [],
    mounts: [{ kind: 'bind', source: posix.dirname(directory), target: '/above', readOnly: false }],
  });
  try {
    await engine.startContainer(id);
    while ((await engine.inspectContainer(id))?.state === 'running') await clock.sleep(20);
    const ended = await engine.inspectContainer(id);
    if (ended?.exitCode === 0) return;
    throw new LobbieError('ENGINE_ERROR', `The history ${directory} could not be removed.`, {
      hint: `Remove it by hand: \`rm -r ${directory}\`.`,
    });
  } finally {
    await engine.removeContainer(id, { force: true });
  }
}
