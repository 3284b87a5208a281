import type { ReplicaId, RestartPolicy } from '../model/project.ts';
import type { RolloutContext } from './context.ts';
import { dial } from './dial.ts';
import { inspect, targets } from './gate-targets.ts';
import { graceOf } from './retire-replica.ts';

/** How soon after one try the next one comes. */
const PORT_AGAIN_MS = 25;
/** Deadline for a container that is started again to open its ports. */
const PORTS_MS = 60_000;

/**
 * Stops a container whose successor is about to start. It is kept, and the engine is told not to start it again: after
 * a restart of the engine the two would run side by side.
 */
export async function stopReplica(context: RolloutContext, replica: ReplicaId, container: string): Promise<void> {
  const { engine } = context;
  await engine.setRestartPolicy(container, { name: 'no' });
  await engine.stopContainer(container, graceOf(context, replica.service));
}

/** Starts a container again that was stopped for its successor, as it was; resolves when its ports accept. */
export async function resumeReplica(
  context: RolloutContext,
  replica: ReplicaId,
  container: string,
  signal: AbortSignal,
): Promise<void> {
  const { engine, clock } = context;
  await engine.setRestartPolicy(container, restartOf(context, replica.service));
  await engine.startContainer(container);
  const ports = await targets(context, replica, await inspect(context, container));
  const until = clock.now() + PORTS_MS;
  await Promise.all(
    ports.map(async (port) => {
      for (;;) {
        try {
          (await dial(engine, port)).destroy();
          return;
        } catch (error) {
          // What waits for it in the ingress has its own limit; whether it gets ready there is asked next.
          if (clock.now() > until) throw error;
        }
        await clock.sleep(PORT_AGAIN_MS, signal);
      }
    }),
  );
}

/** The policy that the service had when it was deployed. */
const restartOf = ({ ledger, project }: RolloutContext, service: string): RestartPolicy =>
  (ledger.state.current?.project ?? project).services.find(({ name }) => name === service)?.restart ?? { name: 'no' };
