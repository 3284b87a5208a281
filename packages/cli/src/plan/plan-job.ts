import type { ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { replicaName, type Service } from '../model/service.ts';
import { type Definitions, retireInput } from './definitions.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { replicaInput } from './replica-input.ts';
import { newContainer } from './replica-steps.ts';
import { retireReplica } from './retire.ts';

interface JobPlan {
  readonly after: readonly string[];
  /** The rollout starts, stops or configures an ingress of the service. */
  readonly ingressChanges: boolean;
  readonly definitions: Definitions;
}

/** Runs a job in a new container. Containers of earlier runs are removed at the very end. */
export function planJob(
  service: Service,
  desired: Desired,
  observed: readonly ObservedReplica[],
  { after, ingressChanges, definitions }: JobPlan,
): ServiceSteps {
  const { name, replicas } = service;
  const replica = { service: name, index: 1 };
  const retire = observed.map((old) => retireReplica(old, 'the job has run again', definitions));
  // Scaled to 0, the job does not run.
  if (replicas === 0) return { before: [], after: retire };
  const run: PlannedStep = {
    id: `run ${replicaName(replica)}`,
    after,
    place: replicaName(replica),
    step: {
      kind: 'run-job',
      replica,
      container: newContainer(replica, desired),
      spec: desired.specHashes[name] ?? '',
      input: replicaInput(service, desired, { ingressChanges }),
      undo: retireInput(definitions),
      reason: 'it runs once a release',
    },
  };
  return { before: [run], after: retire };
}

/** The container in which the job, as currently defined, has run to its end; undefined if there is none. */
export const runOf = (
  { name }: Service,
  { specHashes, recreate }: Desired,
  observed: readonly ObservedReplica[],
): ObservedReplica | undefined =>
  recreate.includes(name)
    ? undefined
    : observed.find(
        (one) => one.specHash === specHashes[name] && one.state === 'exited' && one.exitCode === 0 && one.deployed,
      );
