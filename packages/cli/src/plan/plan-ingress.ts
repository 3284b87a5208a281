import { ingressName } from '../model/names.ts';
import type { IngressState, ObservedIngress, SlotFill } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { hasIngress, type Service } from '../model/project.ts';
import { slotCount } from '../model/slot-count.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { endIngress, removeIngress, stopIngress } from './retire.ts';

export interface IngressSteps extends ServiceSteps {
  /** What its slots hold before any replica moves; undefined where the service has no ingress. */
  readonly slots: readonly (SlotFill | null)[] | undefined;
}

/**
 * An ingress that fits is kept; one whose configuration changed is reloaded in place; one whose container has to change
 * (other published ports, another image) is made beside the old one, which stops only then.
 */
export function planIngress(
  service: Service,
  desired: Desired,
  observed: readonly ObservedIngress[],
  based: readonly string[],
): IngressSteps {
  if (!hasIngress(service)) {
    const reason = 'the service no longer publishes a port';
    return { before: [], after: observed.flatMap((old) => endIngress(old, reason)), slots: undefined };
  }
  const spec = desired.ingressSpecs[service.name] ?? '';
  // The one that runs is preferred: after a rollout that died, an unstarted one may stand beside it.
  const ranked = observed.toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running'));
  const serves = ranked.some(({ state }) => state === 'running');
  // What another one serves now, one that does not run may not know: then a new one takes it over.
  const fit = ranked.find(
    (old) => old.spec === spec && old.config !== undefined && (old.state === 'running' || !serves),
  );
  if (fit?.config === undefined) return replaceIngress(service, desired, spec, ranked, based);

  const others = ranked.filter((old) => old !== fit);
  const state = ingressState(service, fit.config.slots);
  const steps: PlannedStep[] = [];
  if (fit.state !== 'running') {
    const step = {
      kind: 'start-ingress',
      service: service.name,
      container: fit.container,
      reason: `it is ${fit.state}`,
    } as const;
    steps.push({ id: `start ${fit.container}`, after: based, step });
  }
  if (!sameState(state, fit.config)) {
    const step = {
      kind: 'configure-ingress',
      service: service.name,
      state,
      previous: fit.config,
      reason: 'its configuration changed',
    } as const;
    steps.push({ id: `configure ${fit.container}`, after: [...based, ...steps.map(({ id }) => id)], step });
  }
  const after = others.flatMap((old) => endIngress(old, `${fit.container} took over`));
  return { before: steps, after, slots: state.slots };
}

function replaceIngress(
  service: Service,
  desired: Desired,
  spec: string,
  observed: readonly ObservedIngress[],
  based: readonly string[],
): IngressSteps {
  const container = ingressName(desired.project.name, service.name, desired.release);
  const slots = observed.find(({ config }) => config !== undefined)?.config?.slots ?? [];
  const state = ingressState(service, slots);
  const reason = observed.length === 0 ? 'the service publishes a port' : 'its published ports or networks changed';
  const create: PlannedStep = {
    id: `create ${container}`,
    after: based,
    step: { kind: 'create-ingress', service: service.name, container, state, spec, reason },
  };
  // The ports belong to the old one until it stops; nobody listens between that and the start of the new one.
  const stops = observed
    .flatMap((old) => stopIngress(old, 'its ports are needed'))
    .map((stop) => ({ ...stop, after: [create.id] }));
  const start: PlannedStep = {
    id: `start ${container}`,
    after: [create.id, ...stops.map(({ id }) => id)],
    step: { kind: 'start-ingress', service: service.name, container, reason },
  };
  const after = observed.map((old) => removeIngress(old, `${container} took over`));
  return { before: [create, ...stops, start], after, slots: state.slots };
}

function ingressState(service: Service, slots: readonly (SlotFill | null)[]): IngressState {
  const filled = slots.filter((slot) => slot !== null).length;
  // A rollout that died may have left more filled than there are replicas; all of them may need a successor.
  const wanted = Math.max(slotCount(service.replicas), service.replicas + filled);
  // Slots are only ever added: to take some away could move a replica that serves.
  const count = Math.max(wanted, slots.length);
  return {
    service: service.name,
    ports: [...new Set(service.ports.map(({ target }) => target))],
    ...service.ingress,
    slots: Array.from({ length: count }, (_, index) => slots[index] ?? null),
  };
}

const sameState = (a: IngressState, b: IngressState): boolean =>
  a.mode === b.mode &&
  a.ports.join() === b.ports.join() &&
  a.drainTimeoutMs === b.drainTimeoutMs &&
  a.clientTimeoutMs === b.clientTimeoutMs &&
  a.serverTimeoutMs === b.serverTimeoutMs &&
  a.slots.length === b.slots.length;
