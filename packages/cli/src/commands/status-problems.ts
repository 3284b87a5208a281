import type { Ledger } from '../ledger/ledger.ts';
import type { ContainerSummary } from '../model/container.ts';
import type { ImageTraits } from '../model/image.ts';
import type { IngressState } from '../model/ingress.ts';
import { LABEL } from '../model/names.ts';
import { networkName, type Project } from '../model/project.ts';
import { hasIngress, replicaName, type Service } from '../model/service.ts';
import { isCompleted, isReady } from '../plan/place.ts';
import { ingressSpecHash, specHash } from '../plan/spec-hash.ts';
import { isLasting, toReplica } from '../rollout/observe/observe.ts';
import { withRole } from '../rollout/observe/project-containers.ts';

/** The state of a project, to compare with what was deployed. */
export interface StatusFacts {
  readonly ledger: Ledger;
  readonly containers: readonly ContainerSummary[];
  /** The state of each ingress as written to its configuration, by container id; absent if it could not be read. */
  readonly told: ReadonlyMap<string, IngressState>;
  /** What each service's image says about itself, by service name; absent if the image is gone. */
  readonly traits: ReadonlyMap<string, ImageTraits>;
}

/** A difference from what was deployed: a sentence with the next step, and the replica or ingress that it is about. */
export interface StatusProblem {
  readonly service: string;
  /** Id of the container; absent if there is none. */
  readonly containerId?: string;
  readonly message: string;
}

/**
 * Everything that differs from the deployed release: replicas that are missing, stopped, unhealthy, without requests or
 * made from another definition, and ingresses that do not run. Jobs are expected to have ended.
 */
export function statusProblems(facts: StatusFacts): StatusProblem[] {
  const { current } = facts.ledger.state;
  if (current === null) return [];
  return current.project.services
    .filter(({ job }) => !job)
    .flatMap((service) => [
      ...replicaProblems(service, current.project, facts),
      ...ingressProblems(service, current.project, facts),
    ]);
}

function replicaProblems(service: Service, project: Project, facts: StatusFacts): StatusProblem[] {
  const { name } = service;
  const own = withRole(facts.containers, 'replica').filter(({ labels }) => labels[LABEL.service] === name);
  const filled = new Set(own.map((one) => replicaName(toReplica(one).replica)));
  const missing = Array.from({ length: service.replicas }, (_, at) => replicaName({ service: name, index: at + 1 }))
    .filter((place) => !filled.has(place))
    .map((place) => ({ service: name, message: `${place} is missing. \`lobbie deploy\` creates it again.` }));
  const wrong = own.flatMap((one): StatusProblem[] => {
    const why = wrongWith(one, service, project, facts);
    return why === undefined ? [] : [{ service: name, containerId: one.id, message: why }];
  });
  return [...missing, ...wrong];
}

function wrongWith(
  one: ContainerSummary,
  service: Service,
  project: Project,
  { ledger, containers, told }: StatusFacts,
): string | undefined {
  const { current } = ledger.state;
  const lasting = isLasting(one.id, current) && { lasting: true as const };
  const replica = { ...toReplica(one), deployed: true, ...lasting };
  const place = replicaName(replica.replica);
  const { state, health, exitCode, container } = replica;
  const isOwn = current?.containers?.includes(one.id) ?? true;
  if (!isOwn || replica.replica.index > service.replicas)
    return `${container} is not part of release ${current?.id}. \`lobbie deploy\` removes or reuses it.`;
  const ingresses = withRole(containers, 'ingress').filter(({ labels }) => labels[LABEL.service] === service.name);
  const slots = hasIngress(service) ? ingresses.flatMap(({ id }) => told.get(id)?.slots ?? []) : undefined;
  if (isCompleted(replica, service, slots)) return undefined;
  const look = `See \`lobbie logs ${service.name}\`, then run \`lobbie recreate ${service.name}\`.`;
  if (state === 'exited')
    return `${place} has exited with status ${exitCode ?? 'unknown'}. ${noRestart(service) ?? look}`;
  if (state === 'restarting') return `${place} keeps restarting. ${look}`;
  if (state === 'paused') return `${place} is paused. Run \`docker unpause ${container}\`.`;
  if (state !== 'running') return `${place} is ${state}. \`lobbie deploy\` brings it back.`;
  if (health === 'unhealthy') return `${place} is unhealthy. ${look}`;
  const networks = networkNames(service, project);
  // The image's tag may have moved. The image that the container was made from counts.
  if (replica.specHash !== specHash(service, one.imageId, ledger.key, networks))
    return `${place} was made from another definition than that of release ${current?.id}. \`lobbie deploy\` replaces it.`;
  const serving = ingresses.filter(({ state: of }) => of === 'running');
  const isKnown = serving.length > 0 && serving.every(({ id }) => told.has(id));
  if (slots !== undefined && isKnown && !isReady(slots, replica))
    return `${place} gets no requests from its ingress. \`lobbie recreate ${service.name}\` replaces it.`;
  return undefined;
}

/** Says that a service has no restart policy, and how to keep it running. */
function noRestart({ name, restart, restartUnsaid }: Service): string | undefined {
  if (restart.name !== 'no') return undefined;
  const meant = restartUnsaid ? ', or `restart: "no"` if it is meant to end' : '';
  return `Service ${name} has no restart policy, so the engine leaves it stopped, also after the engine restarts. \`lobbie deploy\` starts it again. To keep it running, give it \`restart: unless-stopped\`${meant}.`;
}

function ingressProblems(service: Service, project: Project, facts: StatusFacts): StatusProblem[] {
  if (!hasIngress(service) || service.replicas === 0) return [];
  const { name } = service;
  const own = withRole(facts.containers, 'ingress').filter(({ labels }) => labels[LABEL.service] === name);
  const running = own.find(({ state }) => state === 'running');
  if (running === undefined) {
    const [first] = own;
    const what = first === undefined ? 'is missing' : first.state === 'exited' ? 'has exited' : `is ${first.state}`;
    const message = `The ingress of ${name} ${what}: the service cannot be reached. \`lobbie deploy\` brings it back.`;
    return [{ service: name, ...(first && { containerId: first.id }), message }];
  }
  if (!facts.told.has(running.id)) {
    const message = `The ingress of ${name} could not be read: which replicas get requests is unknown. Run \`lobbie status\` again; if the ingress still cannot be read, run \`lobbie recreate ${name}\`.`;
    return [{ service: name, containerId: running.id, message }];
  }
  const traits = facts.traits.get(name);
  const wanted = ingressSpecHash(service, traits, networkNames(service, project), facts.ledger.key);
  if (traits === undefined || running.labels[LABEL.spec] === wanted) return [];
  const message = `The ingress of ${name} was made from another definition than that of release ${facts.ledger.state.current?.id}. \`lobbie deploy\` replaces it.`;
  return [{ service: name, containerId: running.id, message }];
}

const networkNames = ({ networks }: Service, project: Project): string[] =>
  networks.map(({ key }) => networkName(project.networks, key));
