import { type ReplicaId, replicaName } from '../model/service.ts';
import { type RolloutContext, serviceOf } from './context.ts';
import type { Gate, GatePort } from './gate.ts';
import { httpTarget, inspect, targets } from './gate-targets.ts';
import { ingressOf } from './ingress-container.ts';

/** What the gate of a replica needs; `id` is the step's, under which it tells of checks that failed. */
export async function gateOf(
  context: RolloutContext,
  replica: ReplicaId,
  container: string,
  id: string,
  signal: AbortSignal,
): Promise<Gate> {
  const { engine, clock, report, gateEvents, checks, gateTimeoutMs } = context;
  const service = serviceOf(context, replica.service);
  const details = await inspect(context, container);
  const known = (await ingressOf(context, replica.service))?.state.ports ?? [];
  const doubtful = new Set(known.flatMap(({ port, guess }) => (guess ? [port] : [])));
  const ports = (await targets(context, replica, details)).map(
    (target): GatePort => (doubtful.has(target.port) ? { ...target, doubtful: true } : target),
  );
  return {
    engine,
    clock,
    service,
    replica: replicaName(replica),
    container: details,
    ports,
    healthPort: httpTarget(ports, known),
    events: gateEvents,
    checks,
    timeoutMs: gateTimeoutMs,
    signal,
    waiting: (lastCheck) => report({ type: 'gate-waiting', timeMs: clock.now(), id, lastCheck }),
  };
}
