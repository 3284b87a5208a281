import type { ReplicaId, RestartPolicy } from '../../model/service.ts';
import type { RolloutContext } from '../context.ts';
import { dial } from '../gate/dial.ts';
import { inspect, targets } from '../gate/gate-targets.ts';
import { graceOf } from './retire-replica.ts';
import { sharesWithService } from './shared-namespaces.ts';

/** How soon after one try the next one comes. */
const PORT_AGAIN_MS = 25;
/** Deadline for a container that is started again to open its ports. */
const PORTS_MS = 60_000;
/** How long a container may wait for the one whose network it shares. */
const SHARED_MS = 60_000;

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
  await startAgain(context, replica, container, signal);
  const ports = await targets(context, replica, await inspect(context, container));
  const until = clock.now() + PORTS_MS;
  await Promise.all(
    ports.map(async (port) => {
      for (;;) {
        try {
          (await dial(context, port)).destroy();
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

/** One that shares with another cannot start before that one runs again, which may be under way. */
async function startAgain(
  { engine, clock, project, ledger }: RolloutContext,
  { service }: ReplicaId,
  container: string,
  signal: AbortSignal,
): Promise<void> {
  const before = (ledger.state.current?.project ?? project).services.find(({ name }) => name === service);
  const until = clock.now() + (before !== undefined && sharesWithService(before) ? SHARED_MS : 0);
  for (;;) {
    try {
      return await engine.startContainer(container);
    } catch (error) {
      if (clock.now() >= until) throw error;
    }
    await clock.sleep(200, signal);
  }
}

/** The policy that the service had when it was deployed. */
const restartOf = ({ ledger, project }: RolloutContext, service: string): RestartPolicy =>
  (ledger.state.current?.project ?? project).services.find(({ name }) => name === service)?.restart ?? { name: 'no' };
