import type { Healthcheck } from '../../model/service.ts';
import { explainGateFailure, type LastCheck } from './explain-gate-failure.ts';
import type { Gate } from './gate.ts';

/** How often to check whether the container is still up, in case its events are lost. */
const LOOK_AGAIN_MS = 1000;

/** An action while the container is supervised. */
export interface Supervised {
  /** Aborts when the supervision ends for any reason. */
  readonly signal: AbortSignal;
  /** Reports a failed check, and the likely cause if it is known. */
  readonly note: (lastCheck: string, cause?: string) => void;
  /** Resolves when the engine reports that the container is healthy. */
  readonly healthy: Promise<void>;
}

/**
 * Runs an action while a container must stay up. If the container exits, restarts, runs out of memory or is removed,
 * the action ends at once. A container that is meant to end and exits with 0 has completed, which is a success.
 *
 * @param deadlineMs time limit in milliseconds; undefined: the action ends by itself
 * @throws LobbieError `GATE_FAILED`, with the last check, the last log lines and the likely cause
 */
export async function supervise(
  gate: Gate,
  healthcheck: Healthcheck | undefined,
  deadlineMs: number | undefined,
  work: (supervised: Supervised) => Promise<void>,
): Promise<void> {
  const { container, clock, events } = gate;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, gate.signal]);
  const healthy = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<never>();
  let last: LastCheck = { words: 'no check has ended yet' };
  const note = (check: string, cause?: string): void => {
    last = { words: check, ...(cause !== undefined && { cause }) };
    gate.waiting(check);
  };
  const died = async (): Promise<never> => {
    const now = await isStillUp(gate).catch((error: unknown) => error);
    throw now instanceof Completed ? now : new Failed('exited');
  };
  const unlisten = events.listen(container.id, (kind) => {
    if (kind === 'healthy') healthy.resolve();
    if (kind === 'died') died().catch(broken.reject);
    if (kind === 'oom') broken.reject(new Failed('ran out of memory'));
  });
  const late = async (): Promise<never> => {
    if (deadlineMs === undefined) return new Promise<never>(() => undefined);
    await clock.sleep(deadlineMs, signal);
    throw new Failed(`was not healthy after ${Math.round(deadlineMs / 1000)} s`);
  };
  const look = async (): Promise<never> => {
    for (;;) {
      await clock.sleep(LOOK_AGAIN_MS, signal);
      await isStillUp(gate);
    }
  };
  const pass = async (): Promise<void> => {
    await isStillUp(gate);
    await work({ signal, note, healthy: healthy.promise });
    await isStillUp(gate);
  };
  try {
    await Promise.race([pass(), broken.promise, late(), look()]);
  } catch (error) {
    gate.signal.throwIfAborted();
    if (error instanceof Completed) return;
    if (!(error instanceof Failed)) throw error;
    throw await explainGateFailure(gate, error.message, last, healthcheck);
  } finally {
    unlisten();
    over.abort();
  }
}

class Failed extends Error {}
class Completed extends Error {}

/** Events may be late or lost, so the container's current state decides. */
export async function isStillUp({ engine, container, service, ports }: Gate): Promise<void> {
  const now = await engine.inspectContainer(container.id);
  if (now === undefined) throw new Failed('was removed by someone else');
  if (now.oomKilled) throw new Failed('ran out of memory');
  // A container that has ended cannot serve requests.
  const mayEnd = service.restart.name === 'no' && ports.length === 0;
  if (mayEnd && now.state === 'exited' && now.exitCode === 0) throw new Completed();
  if (now.state !== 'running') throw new Failed(now.state === 'restarting' ? 'keeps restarting' : 'exited');
  if (now.restartCount > container.restartCount) throw new Failed('exited');
}
