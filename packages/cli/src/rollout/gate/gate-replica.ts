import { missingProgram } from '../../engine/missing-program.ts';
import { LobbieError } from '../../model/errors.ts';
import { lastLines } from '../../model/last-lines.ts';
import type { Healthcheck } from '../../model/service.ts';
import { askStatus } from './ask-replica.ts';
import { type DialTarget, dial, isRefused } from './dial.ts';
import { findMorePorts } from './find-more-ports.ts';
import type { Gate, GatePassed, GatePort } from './gate.ts';
import { askedByHealthcheck, isOff } from './healthcheck.ts';
import { listenTo } from './listen-to.ts';
import { lookEarly } from './look-early.ts';
import { isStillUp, type Supervised, supervise } from './supervise.ts';

/** Time between two dials of a port. */
const PORT_AGAIN_MS = 25;
/** Time between two checks: short at first, because most replicas are ready soon after their first port opens. */
const CHECK_AGAIN_MS = [50, 100, 250] as const;
/** Deadline for a replica without a healthcheck to open its ports. */
const PORTS_MS = 60_000;
/** How long a working replica may take to open ports that have never been open. */
const DOUBTFUL_PORTS_MS = 10_000;

/**
 * Waits until a new replica proves that it works: first its ports accept connections, then its own healthcheck passes,
 * either run here at once or by the engine, whichever is first. Failures before the deadline do not count. A container
 * that exits, restarts or runs out of memory fails at once.
 *
 * @param monitorMs how long a replica without a healthcheck must stay up
 * @returns facts about its ports, once it works
 * @throws LobbieError `GATE_FAILED`, with the last check, the last log lines and the likely cause
 */
export async function gateReplica(gate: Gate, monitorMs: number): Promise<GatePassed> {
  const { container, clock, service, healthPort, look } = gate;
  const healthcheck = isOff(container.healthcheck) ? undefined : container.healthcheck;
  const asked = askedByHealthcheck(healthcheck, service.name);
  const ownMs = deadlineOf(healthcheck, monitorMs);
  // Its healthcheck says nothing about how long the services that share its network need.
  const deadlineMs = gate.timeoutMs ?? (gate.sharedBy.length > 0 ? Math.max(ownMs, PORTS_MS) : ownMs);
  const listening = listenTo(gate);
  await supervise(gate, healthcheck, deadlineMs, async (supervised) => {
    const { signal, healthy } = supervised;
    const prove = async (): Promise<void> => {
      await (healthcheck === undefined
        ? monitorMs > 0 && clock.sleep(monitorMs, signal)
        : Promise.race([healthy, untilPassing(gate, healthcheck, supervised)]));
      listening.answered(asked.map(({ port }) => port));
      if (service.ingress.healthPath === undefined || healthPort === undefined) return;
      await untilAnswering(gate, healthPort, service.ingress.healthPath, supervised);
      listening.answered([healthPort.port]);
    };
    await untilReachable(gate, supervised, listening.begin);
    // Listening happens during the healthcheck, so that it costs no extra time.
    await Promise.all([prove(), listening.beginAll()]);
  });
  const closed = await closedPorts(gate);
  // A doubtful port may have opened since.
  await listening.beginAll();
  const { open, speakFirst } = listening.found();
  const http = asked.filter(({ scheme }) => scheme === 'http').map(({ port }) => port);
  const isHttp = (port: number): boolean => http.includes(port);
  const named = [...gate.ports, ...gate.candidates].map(({ port }) => port);
  return {
    findings: { looked: false, asked: named, closed, open, speakFirst, random: [], http: open.filter(isHttp) },
    findMore: look && (() => findMorePorts(gate, look, isHttp)),
  };
}

/** Watches an admitted replica: it must stay up for this time. */
export const watchReplica = (gate: Gate, monitorMs: number): Promise<void> =>
  supervise(gate, gate.container.healthcheck, undefined, ({ signal }) => gate.clock.sleep(monitorMs, signal));

const deadlineOf = (check: Healthcheck | undefined, monitorMs: number): number =>
  check === undefined
    ? PORTS_MS + monitorMs
    : check.startPeriodMs + check.retries * (check.intervalMs + check.timeoutMs);

/**
 * Waits until every known port accepts connections; if all ports are doubtful, until the first does.
 *
 * @param opened called for each port as soon as it is open
 */
async function untilReachable(
  gate: Gate,
  supervised: Supervised,
  opened: (port: GatePort) => Promise<void>,
): Promise<void> {
  const open = async (port: GatePort, { signal }: Pick<Supervised, 'signal'> = supervised): Promise<void> => {
    await untilOpen(gate, port, { ...supervised, signal });
    opened(port).catch(() => undefined);
  };
  const certain = gate.ports.filter(({ doubtful }) => !doubtful);
  if (certain.length > 0 || gate.ports.length === 0) {
    await Promise.all(certain.map((port) => open(port)));
    return;
  }
  const reached = new AbortController();
  const signal = AbortSignal.any([supervised.signal, reached.signal]);
  try {
    await Promise.race(gate.ports.map((port) => open(port, { signal })));
  } finally {
    reached.abort();
  }
}

async function closedPorts(gate: Gate): Promise<readonly number[]> {
  const doubtful = gate.ports.filter((port) => port.doubtful);
  const refusals = await Promise.all(doubtful.map((port) => refusalOf(gate, port)));
  const closed = new Set(doubtful.filter((_, index) => refusals[index] !== undefined));
  if (closed.size === 0) return [];
  const patienceMs = Math.min(DOUBTFUL_PORTS_MS, gate.timeoutMs ?? Number.POSITIVE_INFINITY);
  await supervise(gate, undefined, undefined, async (supervised) => {
    const opening = [...closed].map((port) => untilOpen(gate, port, supervised).then(() => closed.delete(port)));
    await Promise.race([Promise.all(opening), gate.clock.sleep(patienceMs, supervised.signal)]);
  });
  return [...closed].map(({ port }) => port);
}

const untilOpen = (gate: Gate, target: DialTarget, supervised: Supervised): Promise<void> =>
  untilDone(gate, supervised, [PORT_AGAIN_MS], async () => {
    const refusal = await refusalOf(gate, target);
    return refusal && `port ${target.port}: ${refusal}`;
  });

/** Tries repeatedly. A failed try returns the reason. After the last of the pauses, that one repeats. */
async function untilDone(
  { clock }: Gate,
  { note, signal }: Supervised,
  pausesMs: readonly number[],
  attempt: () => Promise<string | undefined>,
): Promise<void> {
  for (let failures = 0; ; failures += 1) {
    signal.throwIfAborted();
    const failure = await attempt();
    if (failure === undefined) return;
    note(failure);
    await clock.sleep(pauseMs(pausesMs, failures), signal);
  }
}

const pauseMs = (pauses: readonly number[], failures: number): number => pauses[failures] ?? pauses.at(-1) ?? 0;

/** Why a port does not accept connections; undefined if it does. */
async function refusalOf(gate: Gate, target: DialTarget): Promise<string | undefined> {
  try {
    (await dial(gate, target)).destroy();
    return undefined;
  } catch (error) {
    if (error instanceof LobbieError) throw error;
    return isRefused(error) ? 'connection refused' : String(error);
  }
}

async function untilPassing(gate: Gate, check: Healthcheck, { note, signal }: Supervised): Promise<void> {
  const argv = check.test[0] === 'CMD-SHELL' ? ['/bin/sh', '-c', check.test[1] ?? ''] : check.test.slice(1);
  const look = lookEarly(gate);
  for (let failures = 0; ; failures += 1) {
    signal.throwIfAborted();
    const { exitCode, output } = await gate.checks(async () => {
      signal.throwIfAborted();
      return gate.engine.exec(gate.container.id, argv, { timeoutMs: check.timeoutMs, signal }).catch(async (error) => {
        // The engine refuses to run anything in a container that has just exited. Then this reports the exit.
        await isStillUp(gate);
        throw error;
      });
    });
    if (exitCode === 0) return;
    const missing = missingProgram(exitCode, output);
    const [last = ''] = lastLines(output, 1);
    const said = missing === undefined ? last : `"${missing}" is not in the image`;
    note(
      `healthcheck ${exitCode === 124 ? `took longer than ${check.timeoutMs} ms` : `exit code ${exitCode}`}${said === '' ? '' : `: ${said}`}`,
      missing === undefined
        ? undefined
        : `Likely cause: the healthcheck runs "${missing}", which is not in the image. Use a program that is, or add it to the image.`,
    );
    await Promise.all([look(), gate.clock.sleep(pauseMs(CHECK_AGAIN_MS, failures), signal)]);
  }
}

const untilAnswering = (gate: Gate, target: DialTarget, path: string, supervised: Supervised): Promise<void> =>
  untilDone(gate, supervised, CHECK_AGAIN_MS, async () => {
    const asked = `GET ${path} on port ${target.port}`;
    try {
      const status = await askStatus(gate, target, path);
      return status >= 200 && status < 400 ? undefined : `${asked}: status ${status}`;
    } catch (error) {
      if (error instanceof LobbieError) throw error;
      return `${asked}: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
