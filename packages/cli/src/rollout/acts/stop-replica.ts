import type { ActOf } from '../../model/step.ts';
import { dial } from '../gate/dial.ts';
import { type DialContext, inspect, targets } from '../gate/gate-targets.ts';
import type { Given } from '../given/given.ts';

type ResumeContext = DialContext & Pick<Given, 'clock'>;

/** Time between two tries. */
const PORT_AGAIN_MS = 25;
/** Deadline for a restarted container to open its ports. */
const PORTS_MS = 60_000;
/** How long a container may wait for the container whose network it shares. */
const SHARED_MS = 60_000;

/**
 * Stops a container whose successor is about to start. It is kept, without a restart policy: otherwise both would run
 * after a restart of the engine.
 */
export async function stopReplica(
  { engine }: Pick<Given, 'engine'>,
  { container, input: { graceMs } }: ActOf<'stop-replica'>,
): Promise<void> {
  await engine.setRestartPolicy(container, { name: 'no' });
  await engine.stopContainer(container, graceMs);
}

/**
 * Starts a container again that was stopped for its successor, with its old settings. Resolves when its ports accept.
 */
export async function resumeReplica(
  context: ResumeContext,
  step: ActOf<'resume-replica'>,
  signal: AbortSignal,
): Promise<void> {
  const { engine, clock } = context;
  const { replica, container, input } = step;
  await engine.setRestartPolicy(container, input.restart);
  await startAgain(context, step, signal);
  const ports = await targets(context, { service: replica.service, ...input }, await inspect(context, container));
  const until = clock.now() + PORTS_MS;
  await Promise.all(
    ports.map(async (port) => {
      for (;;) {
        try {
          (await dial(context, port)).destroy();
          return;
        } catch (error) {
          // Requests that wait for it in the ingress have their own limit. The next step checks whether it gets ready
          // there.
          if (clock.now() > until) throw error;
        }
        await clock.sleep(PORT_AGAIN_MS, signal);
      }
    }),
  );
}

/** A container that shares namespaces cannot start before the other one runs again, which may be in progress. */
async function startAgain(
  { engine, clock }: ResumeContext,
  { container, input }: ActOf<'resume-replica'>,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + (input.shares ? SHARED_MS : 0);
  for (;;) {
    try {
      return await engine.startContainer(container);
    } catch (error) {
      if (clock.now() >= until) throw error;
    }
    await clock.sleep(200, signal);
  }
}
