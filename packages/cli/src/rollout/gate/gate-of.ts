import { replicaName } from '../../model/service.ts';
import type { ActOf } from '../../model/step.ts';
import { dialInput } from '../../plan/definitions.ts';
import { saidPorts } from '../../plan/ingress-state.ts';
import type { GivenUnderLease } from '../given/given.ts';
import { ingressOf } from '../ingresses/ingress-container.ts';
import { listeningSockets, socketsFromOutside } from '../observe/listening-sockets.ts';
import type { Gate, GatePort } from './gate.ts';
import type { GateEvents } from './gate-events.ts';
import { type DialContext, httpTarget, inspect, targets, targetsOn } from './gate-targets.ts';
import { listenEarly } from './listen-as-found.ts';

/** The context for checking replicas. */
export interface GateContext extends GivenUnderLease, DialContext {
  readonly gateEvents: GateEvents;
}

/** The input of a replica's gate. `id` is the id of the step, which reports failed checks. */
export async function gateOf(
  context: GateContext,
  step: ActOf<'gate-replica'> | ActOf<'watch-replica'>,
  id: string,
  signal: AbortSignal,
): Promise<Gate> {
  const { engine, clock, report, gateEvents, checks, gateTimeoutMs } = context;
  const { replica, container, input } = step;
  const { service } = input;
  const { lends, sharedBy = [] } = step.kind === 'gate-replica' ? step : {};
  const dialled = { service: service.name, ...dialInput({ known: service }) };
  const details = await inspect(context, container);
  const ingress = await ingressOf(context, replica.service);
  const known = ingress?.state.ports ?? [];
  // A port that the file does not give to the service may not exist in this version.
  const found = known.filter(({ port, closed }) => !closed && !saidPorts(service).includes(port));
  const optional = found.filter(({ unseen }) => unseen || service.addressed === undefined).map(({ port }) => port);
  const ports = (await targets(context, dialled, details)).flatMap((target): GatePort[] => {
    const { unseen, mode } = known.find(({ port }) => port === target.port) ?? {};
    if (optional.includes(target.port)) return [];
    const doubtful = unseen || found.some(({ port }) => port === target.port);
    return [{ ...target, ...(doubtful && { doubtful }), ...(mode === 'auto' && { detected: true }) }];
  });
  const unknown = input.exposed.filter((port) => !known.some((one) => one.port === port));
  const closed = known.filter((one) => one.closed).map(({ port }) => port);
  const detected = (asked: readonly number[]): GatePort[] =>
    targetsOn(context, dialled, details, asked).map((target) => ({ ...target, detected: true }));
  const candidates = detected(ingress ? [...unknown, ...closed, ...optional] : []);
  const sockets = async () =>
    (await listeningSockets(engine, details.id)) ??
    socketsFromOutside(engine, context.projectName, context.ingressImage, details.id);
  return {
    engine,
    clock,
    service,
    replica: replicaName(replica),
    container: details,
    // The services that share its network do not run yet.
    ports: lends ? [] : ports,
    candidates: lends ? [] : candidates,
    ...(ingress &&
      !lends &&
      sharedBy.length === 0 && { look: { sockets, target: (port) => detected([port])[0] as GatePort } }),
    ...(ingress && { listenEarly: (found) => listenEarly(context, service.name, found) }),
    sharedBy,
    peers: input.peers,
    healthPort: lends ? undefined : httpTarget(ports, known),
    events: gateEvents,
    checks,
    timeoutMs: gateTimeoutMs,
    signal,
    waiting: (lastCheck) => report({ type: 'gate-waiting', timeMs: clock.now(), id, lastCheck }),
  };
}
