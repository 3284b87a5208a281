import type { ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { hasIngress, replicaName, type Service } from '../model/service.ts';
import type { Step } from '../model/step.ts';
import { dependenciesBelow, lenderOf } from './dependencies.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { peerNetworks } from './ingress-input.ts';
import { gateInput } from './replica-input.ts';

type GateStep = Extract<Step, { kind: 'gate-replica' }>;

/**
 * Checks the ports of a service that lends its network once the services that share it run, because these may be the
 * ones that listen. The lender's own gate leaves out its ports, a second gate checks them, and requests come after
 * that. The second gate is also there if only a service that shares the network changes.
 */
export function lendPorts(
  services: readonly Service[],
  planned: ReadonlyMap<string, ServiceSteps>,
  desired: Desired,
  observed: Pick<ObservedState, 'replicas' | 'ingresses'>,
): Map<string, ServiceSteps> {
  const result = new Map(planned);
  for (const lender of services) {
    const steps = planned.get(lender.name);
    const borrowers = borrowersOf(lender, services);
    const sharedBy = borrowers.map(({ name }) => name);
    const proofs = sharedBy.flatMap((name) => (planned.get(name)?.before ?? []).filter(isProof).map(({ id }) => id));
    if (steps === undefined || proofs.length === 0) continue;
    const own = steps.before.find((one) => one.step.kind === 'gate-replica');
    const first = own?.step.kind === 'gate-replica' ? own.step : keptGate(lender, desired, observed);
    if (first === undefined) continue;
    const { monitorMs, ...step } = first;
    const reason = `${sharedBy.join(', ')} may listen on its ports`;
    const second: PlannedStep = {
      ...own,
      id: `gate ports ${replicaName(step.replica)}`,
      after: [...(own ? [own.id] : []), ...proofs],
      step: { ...step, sharedBy, reason },
    };
    const holds = !isEntangled(lender, borrowers, services);
    const before = steps.before.map((one): PlannedStep => {
      if (one === own) return { ...one, step: { ...first, lends: true } };
      const waits = (one.step.kind === 'admit-replica' && holds) || one.step.kind === 'ask-replica';
      return waits ? { ...one, after: [...one.after, second.id] } : one;
    });
    result.set(lender.name, { ...steps, before: [...before, second] });
    if (holds) holdRequests(result, lender, sharedBy, own === undefined ? first : undefined, second);
  }
  return result;
}

/**
 * Takes the lender's container out of its ingress before the services that share its network stop. Requests wait until
 * the ports are open again.
 *
 * @param kept the lender's container, if it stays
 */
function holdRequests(
  planned: Map<string, ServiceSteps>,
  { name: lender, ingress: { drainTimeoutMs: timeoutMs } }: Service,
  sharedBy: readonly string[],
  kept: GateStep | undefined,
  second: PlannedStep,
): void {
  const { before: own = [], after = [] } = planned.get(lender) ?? {};
  const sharers = sharedBy.flatMap((name) => planned.get(name)?.before ?? []);
  const stops = sharers.filter(({ step }) => step.kind === 'stop-replica');
  if (stops.length === 0) return;
  const made = sharers.filter(({ step }) => step.kind === 'create-replica').map(({ id }) => id);
  const drains: string[] = [];
  if (kept === undefined) {
    // Start-first: the old one would get requests until the new one is admitted, but its ports close before that.
    const admits = new Set(own.filter(({ step }) => step.kind === 'admit-replica').map(({ id }) => id));
    const gates = own.filter(({ id, step }) => step.kind === 'gate-replica' && id !== second.id).map(({ id }) => id);
    const moved = own.map((one): PlannedStep => {
      if (one.step.kind !== 'drain-replica' || !one.after.some((id) => admits.has(id))) return one;
      drains.push(one.id);
      return { ...one, after: [...one.after.filter((id) => !admits.has(id)), ...gates, ...made] };
    });
    planned.set(lender, { before: moved, after });
  } else if (kept.previous?.slots.some((slot) => slot?.container === kept.container && slot.state === 'ready')) {
    const { replica, container } = kept;
    const reason = `${sharedBy.join(', ')} may listen on its ports`;
    // If there are several, the first may stop as soon as all are created. A single one waits for its dependencies.
    const turn = stops.length === 1 ? stops.flatMap((one) => one.after) : made;
    const drain = { kind: 'drain-replica', replica, container, input: { timeoutMs }, reason } as const;
    const undo = { timeoutMs };
    const admit = { kind: 'admit-replica', replica, container, undo, reason: 'its ports are open' } as const;
    drains.push(`drain ${container}`);
    planned.set(lender, {
      before: [
        ...own.filter((one) => one !== second),
        { id: `drain ${container}`, after: turn, step: drain },
        second,
        { id: `admit ${replicaName(replica)}`, after: [second.id], step: admit },
      ],
      after,
    });
  }
  for (const name of sharedBy) {
    const steps = planned.get(name);
    const waiting = steps?.before.map((one) =>
      one.step.kind === 'stop-replica' ? { ...one, after: [...one.after, ...drains] } : one,
    );
    if (steps && waiting) planned.set(name, { ...steps, before: waiting });
  }
}

/** Only one container can lend its network to a service. If there are several, each must listen itself. */
const borrowersOf = (lender: Service, services: readonly Service[]): Service[] =>
  hasIngress(lender) && lender.replicas === 1
    ? services.filter((one) => lenderOf(one.networkMode) === lender.name && one.replicas > 0 && !one.job)
    : [];

const isProof = ({ step: { kind } }: PlannedStep): boolean => kind === 'start-replica' || kind === 'gate-replica';

/** The gate of a container that stays. */
function keptGate(
  service: Service,
  desired: Desired,
  { replicas, ingresses }: Pick<ObservedState, 'replicas' | 'ingresses'>,
): GateStep | undefined {
  const kept = replicas.find(({ replica, state }) => replica.service === service.name && state === 'running');
  const previous = ingresses.find((one) => one.service === service.name && one.state === 'running')?.config;
  if (kept === undefined || previous === undefined) return undefined;
  const { replica, container } = kept;
  const undo = { peers: peerNetworks(service, desired.project) };
  return { kind: 'gate-replica', replica, container, previous, input: gateInput(service, desired), undo, reason: '' };
}

/** Whether a service that shares the network waits for a third service that needs the lender's ingress. */
const isEntangled = (lender: Service, borrowers: readonly Service[], services: readonly Service[]): boolean =>
  borrowers
    .flatMap((one) => dependenciesBelow(one, services))
    .some((one) => one !== lender && !borrowers.includes(one) && dependenciesBelow(one, services).includes(lender));
