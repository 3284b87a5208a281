import { LobbieError } from '../../model/errors.ts';
import type { ActOf } from '../../model/step.ts';
import { lastLog } from '../gate/last-log.ts';
import type { Acting } from './acting.ts';
import { startReplica } from './start-replica.ts';

/**
 * Runs a job to its end.
 *
 * @throws LobbieError `GATE_FAILED` with its last log lines if its exit status is not 0
 */
export async function runJob(context: Acting, step: ActOf<'run-job'>, signal: AbortSignal): Promise<void> {
  const { engine, ledger, clock } = context;
  const { replica, container } = step;
  const id = await startReplica(context, step);
  const exitCode = await engine.waitContainer(id, signal);
  await ledger.updateContainer(container, { endedAtMs: clock.now(), exitCode });
  if (exitCode === 0) return;
  const details = await engine.inspectContainer(id);
  const log = await lastLog(engine, id, replica.service);
  throw new LobbieError('GATE_FAILED', `Job ${replica.service} exited with code ${exitCode}.`, {
    details: [
      `container    ${container}`,
      `exit code    ${exitCode}${details?.oomKilled ? ' (killed: out of memory)' : ''}`,
      ...log.details,
    ],
    hint: [log.hint, 'Data that it has written stays. Fix the service and deploy again.']
      .filter((line) => line !== undefined)
      .join('\n'),
  });
}
