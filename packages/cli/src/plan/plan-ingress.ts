import type { IngressState } from '../model/ingress.ts';
import { ingressName } from '../model/names.ts';
import type { ObservedIngress } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { hasIngress, ingressPorts, type Service } from '../model/service.ts';
import { ingressContainerName } from '../model/service-names.ts';
import { movedKeys } from '../model/shown-to-proxies.ts';
import { configureInput, type Definitions } from './definitions.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { ingressInput } from './ingress-input.ts';
import { ingressState, sameState } from './ingress-state.ts';
import { endIngress, removeIngress, stopIngress } from './retire.ts';

export interface IngressSteps extends ServiceSteps {
  /** Its state before any replica moves; undefined if the service has no ingress. */
  readonly state: IngressState | undefined;
}

export interface IngressPlanContext {
  readonly based: readonly string[];
  /** Steps that free the ports: they stop containers of `docker compose up`. */
  readonly cleared: readonly string[];
  /** Others need its ports before the release is committed. */
  readonly early: boolean;
  readonly definitions: Definitions;
}

/**
 * Keeps an ingress that fits. Reloads one whose configuration changed. Replaces one whose container must change (other
 * published ports, other names): creates the new one beside the old one, which stops only then.
 */
export function planIngress(
  service: Service,
  desired: Desired,
  observed: readonly ObservedIngress[],
  around: IngressPlanContext,
): IngressSteps {
  if (!hasIngress(service)) {
    const reason = 'the service needs none any more';
    return { ...leaveIngress(observed, reason, around), state: undefined };
  }
  const specHash = desired.ingressSpecHashes[service.name] ?? '';
  // Prefers the running one: after a rollout that died, an unstarted one may exist too.
  const ranked = observed.toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running'));
  const serves = ranked.some(({ state }) => state === 'running');
  // An ingress that does not run may not know what another one serves now. Then a new one takes over.
  const fit = ranked.find(
    (old) => old.specHash === specHash && old.config !== undefined && (old.state === 'running' || !serves),
  );
  if (fit?.config === undefined) return replaceIngress(service, desired, specHash, ranked, around);

  const others = ranked.filter((old) => old !== fit);
  const state = ingressState(service, fit.config, desired.project.networks);
  const steps: PlannedStep[] = [];
  if (fit.state !== 'running')
    steps.push(startOf(service, fit.container, `it is ${fit.state}`, [...around.based, ...around.cleared]));
  if (!sameState(state, fit.config)) {
    const reason = 'its configuration changed';
    const told = configureInput(around.definitions, desired);
    const step = {
      kind: 'configure-ingress',
      service: service.name,
      state,
      previous: fit.config,
      input: told,
      undo: told,
      reason,
    } as const;
    steps.push({ id: `configure ${fit.container}`, after: [...around.based, ...steps.map(({ id }) => id)], step });
  }
  const after = others.flatMap((old) => endIngress(old, `${fit.container} took over`, around.definitions));
  return { before: steps, after, state };
}

/** Ends ingresses without a successor; before the commit only if others need their ports. */
export function leaveIngress(
  observed: readonly ObservedIngress[],
  reason: string,
  { based, early, definitions }: Pick<IngressPlanContext, 'based' | 'early' | 'definitions'>,
): ServiceSteps {
  if (!early) return { before: [], after: observed.flatMap((old) => endIngress(old, reason, definitions)) };
  const stops = observed.flatMap((old) => stopIngress(old, 'its ports are needed', definitions));
  return {
    before: stops.map((stop) => ({ ...stop, after: based })),
    after: observed.map((old) => removeIngress(old, reason)),
  };
}

function replaceIngress(
  service: Service,
  desired: Desired,
  specHash: string,
  observed: readonly ObservedIngress[],
  { based, cleared, definitions }: IngressPlanContext,
): IngressSteps {
  const container = ingressName(desired.project.name, service.name, desired.release);
  const known = observed.find(({ config }) => config !== undefined)?.config;
  const state = ingressState(service, known, desired.project.networks);
  const reason =
    observed.length === 0
      ? 'takes the requests for the replicas'
      : `its published ports, networks${movedKeys(service).length > 0 ? ', routing labels' : ''} or names changed`;
  const create: PlannedStep = {
    id: `create-ingress ${container}`,
    after: based,
    step: {
      kind: 'create-ingress',
      service: service.name,
      container,
      ...namedOf(service),
      state,
      spec: specHash,
      input: ingressInput(service, desired),
      reason,
    },
  };
  // The old one has the ports and the address until it stops. Between that and the start of the new one, nobody
  // listens.
  const needed = ingressPorts(service).length > 0 ? 'its ports are needed' : 'its address is needed';
  const stops = observed
    .flatMap((old) => stopIngress(old, needed, definitions))
    .map((stop) => ({ ...stop, after: [create.id] }));
  const begin = startOf(service, container, reason, [create.id, ...stops.map(({ id }) => id), ...cleared]);
  const after = observed.map((old) =>
    removeIngress(old, ingressContainerName(service) ? TOOK_NAME : `${container} took over`),
  );
  return { before: [create, ...stops, begin], after, state };
}

/** In a plan, the old and the new one have the same name. */
const TOOK_NAME = 'the new one took over and has the name';

const startOf = (service: Service, container: string, reason: string, after: readonly string[]): PlannedStep => ({
  id: `start-ingress ${container}`,
  after,
  step: {
    kind: 'start-ingress',
    service: service.name,
    container,
    ...namedOf(service),
    input: { name: ingressContainerName(service) ?? container },
    reason,
  },
});

const namedOf = (service: Service): { readonly named?: string } => {
  const named = ingressContainerName(service);
  return named === undefined ? {} : { named };
};
