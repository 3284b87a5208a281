import { LobbieError } from '../model/errors.ts';
import type { Healthcheck } from '../model/service.ts';
import { askStatus } from './ask-replica.ts';
import { type DialTarget, dial } from './dial.ts';
import type { Gate } from './gate.ts';
import { isStillUp, type Supervised, supervise } from './supervise.ts';

/** How soon after one try the next one comes. */
const PORT_AGAIN_MS = 25;
const CHECK_AGAIN_MS = 250;
/** Deadline for a replica without a healthcheck to open its ports. */
const PORTS_MS = 60_000;

/**
 * Waits until a new replica proves that it works: first its ports accept, then its own healthcheck passes, run here at
 * once or by the engine in its interval, whichever is first. Failures before the deadline do not count; a container that
 * exits, restarts or runs out of memory fails at once.
 *
 * @param monitorMs how long one without a healthcheck has to stay up
 * @throws LobbieError `GATE_FAILED`, with the last check, the last log lines and the likely cause
 */
export async function gateReplica(gate: Gate, monitorMs: number): Promise<void> {
  const { container, clock, service } = gate;
  const healthcheck = isOff(container.healthcheck) ? undefined : container.healthcheck;
  const deadlineMs = gate.timeoutMs ?? deadlineOf(healthcheck, monitorMs);
  await supervise(gate, healthcheck, deadlineMs, async (supervised) => {
    const { signal, healthy } = supervised;
    await Promise.all(gate.ports.map((port) => untilOpen(gate, port, supervised)));
    if (healthcheck !== undefined) await Promise.race([healthy, untilPassing(gate, healthcheck, supervised)]);
    else if (monitorMs > 0) await clock.sleep(monitorMs, signal);
    if (service.ingress.healthPath !== undefined && gate.healthPort !== undefined)
      await untilAnswering(gate, gate.healthPort, service.ingress.healthPath, supervised);
  });
}

/** Watches a replica that was admitted: it has to stay up for so long. */
export const watchReplica = (gate: Gate, monitorMs: number): Promise<void> =>
  supervise(gate, gate.container.healthcheck, undefined, ({ signal }) => gate.clock.sleep(monitorMs, signal));

/** Whether a healthcheck checks nothing. */
export const isOff = (check: Healthcheck | undefined): boolean => check?.test[0] === 'NONE' || check?.test.length === 0;

const deadlineOf = (check: Healthcheck | undefined, monitorMs: number): number =>
  check === undefined
    ? PORTS_MS + monitorMs
    : check.startPeriodMs + check.retries * (check.intervalMs + check.timeoutMs);

async function untilOpen(gate: Gate, target: DialTarget, { note, signal }: Supervised): Promise<void> {
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

async function untilPassing(gate: Gate, check: Healthcheck, { note, signal }: Supervised): Promise<void> {
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

async function untilAnswering(
  gate: Gate,
  target: DialTarget,
  path: string,
  { note, signal }: Supervised,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const status = await askStatus(gate.engine, target, path);
      if (status >= 200 && status < 400) return;
      note(`GET ${path} on port ${target.port}: status ${status}`);
    } catch (error) {
      if (error instanceof LobbieError) throw error;
      note(`GET ${path} on port ${target.port}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await gate.clock.sleep(CHECK_AGAIN_MS, signal);
  }
}
