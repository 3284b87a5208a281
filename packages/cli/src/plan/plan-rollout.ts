import type { ObservedState } from '../model/observed.ts';
import type { Plan, PlannedStep, Step } from '../model/plan.ts';
import type { Project, Service } from '../model/project.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { planIngress } from './plan-ingress.ts';
import { planReplicas } from './plan-replicas.ts';
import { endIngress, retireReplica } from './retire.ts';

/**
 * Decides what has to happen so that what is observed becomes what is desired: nothing, if it is already so. Every new
 * replica passes its gate before any old one is drained, and nothing is retired before all have passed.
 */
export function planRollout(desired: Desired, observed: ObservedState): Plan {
  const { project } = desired;
  const foundations = planFoundations(desired, observed);
  const based = foundations.map(({ id }) => id);
  const services = project.services.map((service) => planService(service, desired, observed, based));
  const leftovers = planLeftovers(project, observed);

  const before = [...foundations, ...services.flatMap((service) => service.before), ...leftovers.before];
  const after = [...services.flatMap((service) => service.after), ...leftovers.after];
  if (before.length + after.length === 0 && observed.unfinished === undefined) return { steps: [] };
  const commit: PlannedStep = {
    id: 'commit',
    after: before.map(({ id }) => id),
    step: {
      kind: 'commit-release',
      release: desired.release,
      reason: before.length === 0 ? 'what was left is cleaned up' : 'every replica passed',
    },
  };
  const retire = after.map((planned) => ({ ...planned, after: [...planned.after, commit.id] }));
  return { steps: [...before, commit, ...retire] };
}

function planService(
  service: Service,
  desired: Desired,
  observed: ObservedState,
  based: readonly string[],
): ServiceSteps {
  const candidates = observed.replicas.filter(({ replica }) => replica.service === service.name);
  const ingresses = observed.ingresses.filter((ingress) => ingress.service === service.name);
  const ingress = planIngress(service, desired, ingresses, based);
  const replicas = planReplicas(service, desired, candidates, {
    based,
    ready: [...based, ...ingress.before.map(({ id }) => id)],
    slots: ingress.slots,
    unfinished: observed.unfinished?.id,
  });
  return { before: [...ingress.before, ...replicas.before], after: inOrder(ingress.after, replicas.after) };
}

function planFoundations({ project }: Desired, observed: ObservedState): PlannedStep[] {
  const steps: PlannedStep[] = [];
  for (const service of project.services) {
    if (service.build === undefined || observed.images[service.image] !== undefined) continue;
    steps.push(first({ kind: 'build-image', image: service.image, reason: 'its content is new' }));
  }
  for (const network of project.networks) {
    if (observed.networks.includes(network.name)) continue;
    steps.push(first({ kind: 'create-network', name: network.name, reason: 'it is not there yet' }));
  }
  return steps;
}

const first = (step: Step & ({ image: string } | { name: string })): PlannedStep => ({
  id: `${step.kind} ${'image' in step ? step.image : step.name}`,
  after: [],
  step,
});

/** What runs for services that the project no longer has. */
function planLeftovers(project: Project, observed: ObservedState): ServiceSteps {
  const known = new Set(project.services.map(({ name }) => name));
  const reason = 'the project no longer has this service';
  const replicas = observed.replicas.filter(({ replica }) => !known.has(replica.service));
  const ingresses = observed.ingresses.filter(({ service }) => !known.has(service));
  return {
    before: [],
    after: inOrder(
      ingresses.flatMap((old) => endIngress(old, reason)),
      replicas.map((old) => retireReplica(old, reason)),
    ),
  };
}

/** An ingress that ends has to be gone before what it sends requests to. */
function inOrder(ingresses: readonly PlannedStep[], replicas: readonly PlannedStep[]): PlannedStep[] {
  const first = ingresses.map(({ id }) => id);
  return [...ingresses, ...replicas.map((planned) => ({ ...planned, after: [...planned.after, ...first] }))];
}
