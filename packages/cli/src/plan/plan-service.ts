import type { IngressState } from '../model/ingress.ts';
import { isAlive } from '../model/is-alive.ts';
import type { ComposeContainer, ObservedIngress, ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { ReleaseId } from '../model/release.ts';
import type { Service } from '../model/service.ts';
import { type Definitions, dialInput } from './definitions.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { failureRule } from './failure-rule.ts';
import { hasAnonymousVolumes } from './image-volumes.ts';
import { peerNetworks } from './ingress-input.ts';
import { portsThatSpeakFirst } from './ingress-state.ts';
import { monitoringOf } from './monitoring-of.ts';
import { composeStops, planComposeContainers } from './plan-compose-containers.ts';
import { planIngress } from './plan-ingress.ts';
import { planJob } from './plan-job.ts';
import { planReplicas } from './plan-replicas.ts';
import { rollingOf } from './rolling-of.ts';

/** The state of one service, and facts other than its definition that decide its steps. */
export interface ServiceFacts {
  readonly replicas: readonly ObservedReplica[];
  readonly ingresses: readonly ObservedIngress[];
  readonly composeContainers: readonly ComposeContainer[];
  readonly unfinished: ReleaseId | undefined;
  readonly definitions: Definitions;
  /** Steps before anything of the service is created. */
  readonly based: readonly string[];
  /** Steps of the services that it depends on. */
  readonly waits: readonly string[];
  /** Why every container is replaced, in any state. */
  readonly renew: string | undefined;
  /** In a few words, what has changed in the file. */
  readonly changed: string;
  /**
   * Whether others need a port before the commit that its ingress, its containers or those of `docker compose up` have.
   */
  readonly gives: { readonly ingress: boolean; readonly replicas: boolean; readonly composeContainers: boolean };
}

/** All steps for one service. */
export function planService(service: Service, desired: Desired, facts: ServiceFacts): ServiceSteps {
  const { based, waits, composeContainers, unfinished, definitions } = facts;
  const traits = desired.traits[service.name];
  const cleared = composeStops(composeContainers);
  const ingress = planIngress(service, desired, facts.ingresses, {
    based,
    cleared,
    early: facts.gives.ingress,
    definitions,
  });
  const ingressChanges = [...ingress.before, ...ingress.after].some(({ step }) => CHANGES_INGRESS.has(step.kind));
  const { state } = ingress;
  // A service that gives ports away must stop before others start, whatever its order.
  const order = facts.gives.replicas ? 'stop-first' : rollingOf(service, traits).order;
  const specHash = desired.specHashes[service.name] ?? '';
  const { renew, changed } = facts;
  const sameImageHash = desired.sameImageHashes?.[service.name];
  const rules = { service, order, specHash, sameImageHash, slots: state?.slots, unfinished, renew, changed };
  const replicas = service.job
    ? planJob(service, desired, facts.replicas, {
        after: [...based, ...waits, ...cleared],
        ingressChanges,
        definitions,
      })
    : planReplicas(rules, facts.replicas, {
        service,
        desired,
        slots: state?.slots,
        told: state,
        based,
        ready: [...based, ...ingress.before.map(({ id }) => id)],
        waits,
        cleared,
        early: facts.gives.replicas,
        monitoring: monitoringOf(service, traits, order === 'stop-first' || !facts.replicas.some(isAlive)),
        inherits: hasAnonymousVolumes(service, traits),
        ingressChanges,
        definitions,
        rule: failureRule(service),
      });
  const made = [...ingress.before, ...replicas.before].filter(({ step }) => MADE.has(step.kind)).map(({ id }) => id);
  const turn = facts.gives.composeContainers ? [...based, ...made] : [...based, ...waits, ...made];
  const compose = planComposeContainers(composeContainers, 'taken over from docker compose', turn, definitions);
  const settle = state ? settlePorts(service, state, replicas.before, desired) : [];
  const withdraw = withdrawTentative(service, ingress.before, replicas.before);
  return {
    before: [...ingress.before, ...compose.before, ...replicas.before, ...settle, ...withdraw],
    after: inOrder(ingress.after, [...replicas.after, ...compose.after]),
  };
}

const CHANGES_INGRESS: ReadonlySet<string> = new Set(['start-ingress', 'stop-ingress', 'configure-ingress']);

const MADE: ReadonlySet<string> = new Set(['create-ingress', 'create-replica']);

/**
 * Once every replica is new, a port may no longer have a server that sends first. Listens to one replica.
 */
function settlePorts(
  service: Service,
  state: IngressState,
  steps: readonly PlannedStep[],
  { project }: Desired,
): PlannedStep[] {
  const ports = portsThatSpeakFirst(state);
  const started = new Set(steps.flatMap(({ place, step }) => (step.kind === 'start-replica' ? [place] : [])));
  const admits = steps.filter(({ step }) => step.kind === 'admit-replica');
  const [first] = admits;
  if (ports.length === 0 || started.size < service.replicas || first?.step.kind !== 'admit-replica') return [];
  const { replica, container } = first.step;
  const leave = steps.filter(({ step }) => step.kind === 'drain-replica');
  const reason = 'the new replicas may use another protocol';
  return [
    {
      id: `settle ${service.name}`,
      after: [...admits, ...leave].map(({ id }) => id),
      step: {
        kind: 'settle-ports',
        service: service.name,
        replica,
        container,
        ports,
        previous: state,
        input: dialInput({ known: service }),
        undo: { peers: peerNetworks(service, project) },
        reason,
      },
    },
  ];
}

/** A service that nobody names has an ingress only if one of its ports listens. */
function withdrawTentative(
  { name, front, addressed }: Service,
  ingress: readonly PlannedStep[],
  replicas: readonly PlannedStep[],
): PlannedStep[] {
  const made = ingress.find(({ step }) => step.kind === 'create-ingress');
  if (!front?.tentative || addressed !== undefined || made?.step.kind !== 'create-ingress') return [];
  const reason = 'it may listen on no port';
  return [
    {
      id: `withdraw ${name}`,
      after: [...ingress, ...replicas].map(({ id }) => id),
      step: { kind: 'withdraw-ingress', service: name, container: made.step.container, reason },
    },
  ];
}

/** An ingress that ends must be gone before the containers behind it. */
function inOrder(ingresses: readonly PlannedStep[], rest: readonly PlannedStep[]): PlannedStep[] {
  const first = ingresses.map(({ id }) => id);
  return [...ingresses, ...rest.map((planned) => ({ ...planned, after: [...planned.after, ...first] }))];
}
