import type { Clock } from '../model/clock.ts';
import { CONFINED } from '../model/confined.ts';
import type { ContainerDetails } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL, leaseName } from '../model/names.ts';
import { isOwnContainer } from './own-containers.ts';

/** A lease without a sign of its holder ends after this many seconds. The holder sends one five times as often. */
const SILENCE_SECONDS = 15;
const HEARTBEAT_MS = 3000;
/**
 * How long the engine may take to remove an ended lease, and a holder to start a new one: seconds, on a busy machine.
 * Shorter than the silence after which a lease ends anyway.
 */
const PATIENCE_MS = 10_000;
/** How many times to try to remove a lease that nobody holds. */
const MOST_REMOVALS = 20;

/** The lock that a running deploy holds. */
export interface Lease {
  /** Rejects with LEASE_LOST if this command no longer holds it. Called before each step, also of an undo. */
  check(): Promise<void>;
  /**
   * Resolves when the lease runs, and rejects if it cannot. Before that, the command may do only what it can undo: if
   * it is slow, another command may take the lease.
   */
  readonly started: Promise<void>;
  unlock(): Promise<void>;
}

/**
 * Takes the project's lease: a container with a fixed name, which only one command can create. It runs while its holder
 * sends signs of life. If the holder is killed, the lease ends at once; if the holder is silent, it ends after 15
 * seconds. The lease is taken once its container is created; `started` tells when it runs.
 *
 * @param image an image that contains socat
 * @param holder shown to other users: `user@host, lobbie deploy`
 * @throws LobbieError `LEASE_TAKEN`
 */
export async function acquireLease(
  engine: Engine,
  clock: Clock,
  { project, image, holder }: { project: string; image: string; holder: string },
): Promise<Lease> {
  const create = (): Promise<string> => createLease(engine, clock, project, image, holder);
  let id = await create();
  const createdMs = clock.now();
  let running: Running | undefined;
  let failure: unknown;
  const start = async (): Promise<void> => {
    try {
      running = await startLease(engine, clock, id);
    } catch (error) {
      failure = error;
      // An engine removes a lease that it cannot start. The next one is only created, and holds the project for the undo.
      await removeLease(engine, clock, id);
      id = await create();
    }
  };
  // If another command has the lease now, `check` finds that out.
  const starting = start().catch(() => undefined);
  const check = async (): Promise<void> => {
    if (failure !== undefined) await starting;
    const mustRun = running !== undefined;
    // No other command removes a lease so soon. An inspect waits until the engine has started the container.
    if (!mustRun && failure === undefined && clock.now() - createdMs < PATIENCE_MS / 2) return;
    // Checked even if the stream has ended: an engine that is gone reports that itself, as a different error.
    const state = (await engine.inspectContainer(id))?.state;
    // A created lease is held too: nobody else can create one.
    if (!running?.hasEnded() && (state === 'running' || (state === 'created' && !mustRun))) return;
    throw lost(project, failure);
  };
  const started = starting.then(async () => {
    if (failure === undefined) return;
    await check();
    throw failure;
  });
  // A failure counts as handled, even if nothing awaits it yet.
  started.catch(() => undefined);
  return {
    check,
    started,
    async unlock() {
      await starting;
      running?.stopHeartbeat();
      // Killed while it still listens. If it ended by itself, the engine's own removal would run at the same time, and
      // one of two removals gives up even if the other fails.
      await removeLease(engine, clock, id);
      running?.close();
    },
  };
}

/** A lease that runs and gets signs of life. */
interface Running {
  hasEnded(): boolean;
  stopHeartbeat(): void;
  close(): void;
}

async function startLease(engine: Engine, clock: Clock, id: string): Promise<Running> {
  const stream = await engine.attach(id);
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  stream.on('close', end);
  stream.on('error', end);
  stream.resume();
  try {
    await engine.startContainer(id);
  } catch (error) {
    stream.destroy();
    throw error;
  }
  stream.write('.');
  const stopHeartbeat = clock.every(HEARTBEAT_MS, () => stream.write('.'));
  return { hasEnded: () => ended, stopHeartbeat, close: () => stream.destroy() };
}

/** Who holds the lease now; undefined if nobody does. */
export async function leaseHolder(engine: Engine, project: string, clock: Clock): Promise<string | undefined> {
  const found = await engine.inspectContainer(leaseName(project));
  if (found === undefined || !isHeld(found, clock.now()) || !(await isLease(engine, project, found))) return undefined;
  return found.labels[HOLDER] ?? 'unknown';
}

/** Whether it runs or is about to. Its holder died if it does not start for long. */
const isHeld = ({ state, labels }: ContainerDetails, nowMs: number): boolean =>
  state === 'running' || (state === 'created' && nowMs - sinceMs(labels) < PATIENCE_MS);

/** A container can have the lease's name, and from its image the lease's labels, without being a lease. */
const isLease = async (engine: Engine, project: string, found: ContainerDetails): Promise<boolean> =>
  found.labels[LABEL.role] === 'lease' && (await isOwnContainer(engine, project, found));

const HOLDER = 'dev.lobbie.holder';
const SINCE = 'dev.lobbie.since';
const sinceMs = (labels: Readonly<Record<string, string>>): number => Date.parse(labels[SINCE] ?? '');

async function createLease(
  engine: Engine,
  clock: Clock,
  project: string,
  image: string,
  holder: string,
): Promise<string> {
  let waitsFor: string | undefined;
  let deadline = 0;
  let removals = 0;
  for (;;) {
    try {
      return await engine.createContainer({
        name: leaseName(project),
        image,
        labels: {
          [LABEL.project]: project,
          [LABEL.role]: 'lease',
          [HOLDER]: holder,
          [SINCE]: new Date(clock.now()).toISOString(),
        },
        entrypoint: ['socat', '-u', `-T${SILENCE_SECONDS}`, 'STDIN', '/dev/null'],
        command: [],
        networks: [],
        autoRemove: true,
        stdinOnce: true,
        ...CONFINED,
      });
    } catch (error) {
      if (!(error instanceof LobbieError) || error.code !== 'NAME_TAKEN') throw error;
      const rival = await engine.inspectContainer(leaseName(project));
      if (rival === undefined) continue;
      if (!(await isLease(engine, project, rival))) throw posesAsLease(project, rival);
      if (rival.state === 'running') throw taken(project, rival.labels, clock.now());
      // Each one gets the whole time: another waiting command may have created it a moment ago.
      if (rival.id !== waitsFor) deadline = clock.now() + PATIENCE_MS;
      waitsFor = rival.id;
      if (clock.now() > deadline) {
        if (rival.state === 'removing' || removals > MOST_REMOVALS) throw taken(project, rival.labels, clock.now());
        // Left by a holder that died before it started its lease, or the engine failed to remove an ended one. Nobody
        // holds a lease that does not run. Not removed by force: if it starts right now, it must stay.
        removals += 1;
        await engine.removeContainer(rival.id).catch(() => undefined);
      }
      await clock.sleep(50);
    }
  }
}

/** Tries again until the lease is gone or the engine is unreachable. */
async function removeLease(engine: Engine, clock: Clock, id: string): Promise<void> {
  for (let left = MOST_REMOVALS; left > 0; left -= 1) {
    const isOver = await engine.removeContainer(id, { force: true }).then(
      () => true,
      (error) =>
        error instanceof LobbieError && (error.code === 'ENGINE_UNREACHABLE' || error.code === 'NOT_AN_ENGINE'),
    );
    if (isOver) return;
    await clock.sleep(50);
  }
}

const posesAsLease = (project: string, { name, id }: ContainerDetails): LobbieError =>
  new LobbieError(
    'NAME_TAKEN',
    `Container ${name} (${id.slice(0, 12)}) has the name of the lease of project ${project}, but lobbie did not create it.`,
    {
      hint: `Nothing was changed. Inspect it: docker inspect ${name}\nThen remove it (docker rm -f ${name}) or rename it: docker rename ${name} <name>`,
    },
  );

const taken = (project: string, labels: Readonly<Record<string, string>>, nowMs: number): LobbieError =>
  new LobbieError(
    'LEASE_TAKEN',
    `Another command holds the lease of project ${project}: ${labels[HOLDER] ?? 'unknown'}, for ${Math.max(0, Math.round((nowMs - sinceMs(labels)) / 1000)) || 0} s.`,
    {
      hint: `Wait until it has ended and try again. If its holder died, the lease ends within ${SILENCE_SECONDS} s.`,
    },
  );

/** @param failure why it could not start, if it could not */
const lost = (project: string, failure: unknown): LobbieError =>
  new LobbieError(
    'LEASE_LOST',
    failure instanceof Error
      ? `The lease of project ${project} was lost, because it could not start: ${failure.message}`
      : `The lease of project ${project} was lost: this command was silent for ${SILENCE_SECONDS} s, or someone removed the lease.`,
    {
      hint: 'Run `lobbie status` to see what is running, then run the same command again: it continues from there.',
      cause: failure,
    },
  );
