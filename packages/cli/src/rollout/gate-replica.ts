import type { LimitFunction } from 'p-limit';
import type { Clock } from '../model/clock.ts';
import type { ContainerDetails, Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { Healthcheck, Service } from '../model/project.ts';
import { type DialTarget, dial } from './dial.ts';
import { explainGateFailure } from './explain-gate-failure.ts';
import type { GateEvents } from './gate-events.ts';

/** How soon after one try the next one comes. */
const PORT_AGAIN_MS = 25;
const CHECK_AGAIN_MS = 250;
/** How often the engine is asked whether the container is still up, should its events be lost. */
const LOOK_AGAIN_MS = 1000;
/** Deadline for a replica without a healthcheck to open its ports. */
const PORTS_MS = 60_000;

export interface Gate {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly service: Service;
  readonly replica: string;
  readonly container: ContainerDetails;
  /** Ports that have to accept a connection. */
  readonly ports: readonly DialTarget[];
  readonly events: GateEvents;
  /** Healthchecks of all replicas share the engine's cores. */
  readonly checks: LimitFunction;
  /** Milliseconds; replaces the deadline of the healthcheck. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  /** Told whenever a check has failed. */
  readonly waiting: (lastCheck: string) => void;
}

/**
 * Waits until a new replica proves that it works: first its ports accept, then its own healthcheck passes, run here at
 * once or by the engine in its interval, whichever is first. Without a healthcheck it has to stay up for the monitor
 * time. Failures before the deadline do not count; a container that exits, restarts or runs out of memory fails at once.
 *
 * @throws LobbieError `GATE_FAILED`, with the last check, the last log lines and the likely cause
 */
export async function gateReplica(gate: Gate): Promise<void> {
  const { container, clock, events } = gate;
  const healthcheck = isOff(container.healthcheck) ? undefined : container.healthcheck;
  const deadlineMs = gate.timeoutMs ?? deadlineOf(healthcheck, gate.service.update.monitorMs);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, gate.signal]);
  const watch: Watch = { lastCheck: 'none has ended yet' };
  const note = (lastCheck: string): void => {
    watch.lastCheck = lastCheck;
    gate.waiting(lastCheck);
  };

  const healthy = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<never>();
  const unlisten = events.listen(container.id, (kind) => {
    if (kind === 'healthy') healthy.resolve();
    if (kind === 'died' || kind === 'oom') broken.reject(new Failed(kind === 'oom' ? 'ran out of memory' : 'exited'));
  });
  const late = clock.sleep(deadlineMs, signal).then(() => {
    throw new Failed(`was not healthy after ${Math.round(deadlineMs / 1000)} s`);
  });
  const pass = async (): Promise<void> => {
    await isStillUp(gate);
    await Promise.all(gate.ports.map((port) => untilOpen(gate, port, note, signal)));
    if (healthcheck === undefined) await clock.sleep(gate.service.update.monitorMs, signal);
    else await Promise.race([healthy.promise, untilPassing(gate, healthcheck, note, signal)]);
    await isStillUp(gate);
  };
  const look = async (): Promise<never> => {
    for (;;) {
      await clock.sleep(LOOK_AGAIN_MS, signal);
      await isStillUp(gate);
    }
  };
  try {
    await Promise.race([pass(), broken.promise, late, look()]);
  } catch (error) {
    gate.signal.throwIfAborted();
    if (!(error instanceof Failed)) throw error;
    throw await explainGateFailure(gate, error.message, watch.lastCheck, healthcheck);
  } finally {
    unlisten();
    over.abort();
  }
}

interface Watch {
  lastCheck: string;
}

class Failed extends Error {}

const isOff = (check: Healthcheck | undefined): boolean => check?.test[0] === 'NONE' || check?.test.length === 0;

const deadlineOf = (check: Healthcheck | undefined, monitorMs: number): number =>
  check === undefined
    ? PORTS_MS + monitorMs
    : check.startPeriodMs + check.retries * (check.intervalMs + check.timeoutMs);

/** Events may be late or lost; what the engine says of the container now decides. */
async function isStillUp({ engine, container }: Gate): Promise<void> {
  const now = await engine.inspectContainer(container.id);
  if (now === undefined) throw new Failed('was removed by someone else');
  if (now.oomKilled) throw new Failed('ran out of memory');
  if (now.state !== 'running') throw new Failed(now.state === 'restarting' ? 'restarts again and again' : 'exited');
  if (now.restartCount > container.restartCount) throw new Failed('exited');
}

async function untilOpen(
  gate: Gate,
  target: DialTarget,
  note: (check: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      (await dial(gate.engine, target)).destroy();
      return;
    } catch (error) {
      if (error instanceof LobbieError) throw error;
      note(
        `port ${target.port}: ${error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED' ? 'connection refused' : String(error)}`,
      );
    }
    await gate.clock.sleep(PORT_AGAIN_MS, signal);
  }
}

async function untilPassing(
  gate: Gate,
  check: Healthcheck,
  note: (check: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const argv = check.test[0] === 'CMD-SHELL' ? ['/bin/sh', '-c', check.test[1] ?? ''] : check.test.slice(1);
  for (;;) {
    signal.throwIfAborted();
    const { exitCode, output } = await gate.checks(async () => {
      signal.throwIfAborted();
      return gate.engine.exec(gate.container.id, argv, { timeoutMs: check.timeoutMs, signal }).catch(async (error) => {
        // The engine refuses to run anything in a container that has just exited: then that is what to tell.
        await isStillUp(gate);
        throw error;
      });
    });
    if (exitCode === 0) return;
    const said = output.trim().split('\n').at(-1) ?? '';
    note(
      `healthcheck ${exitCode === 124 ? `took longer than ${check.timeoutMs} ms` : `exit code ${exitCode}`}${said === '' ? '' : `: ${said}`}`,
    );
    await gate.clock.sleep(CHECK_AGAIN_MS, signal);
  }
}
