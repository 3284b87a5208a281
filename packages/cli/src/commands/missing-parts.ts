import type { ContainerSummary } from '../model/container.ts';
import { LABEL } from '../model/names.ts';
import type { Project } from '../model/project.ts';
import { hasIngress, replicaName, type Service } from '../model/service.ts';
import { toReplica } from '../rollout/observe.ts';
import { withRole } from '../rollout/with-role.ts';

/**
 * What a deployed project should have and has not, a sentence each: places that no container fills, and ingresses that
 * do not run. A container that has ended fills its place; jobs have none to fill.
 */
export function missingParts({ services }: Project, containers: readonly ContainerSummary[]): string[] {
  const filled = new Set(withRole(containers, 'replica').map((one) => replicaName(toReplica(one).replica)));
  const ingresses = Map.groupBy(withRole(containers, 'ingress'), ({ labels }) => labels[LABEL.service]);
  return services
    .filter(({ job, replicas }) => !job && replicas > 0)
    .flatMap((service) => [
      ...placesOf(service)
        .filter((place) => !filled.has(place))
        .map((place) => `${place} is missing. \`lobbie deploy\` makes it again.`),
      ...ingressWord(service, ingresses.get(service.name) ?? []),
    ]);
}

const placesOf = ({ name, replicas }: Service): string[] =>
  Array.from({ length: replicas }, (_, index) => replicaName({ service: name, index: index + 1 }));

function ingressWord(service: Service, ingresses: readonly ContainerSummary[]): string[] {
  if (!hasIngress(service) || ingresses.some(({ state }) => state === 'running')) return [];
  const state = ingresses[0]?.state;
  const what = state === undefined ? 'is missing' : state === 'exited' ? 'has exited' : `is ${state}`;
  return [`The ingress of ${service.name} ${what}: nobody reaches it. \`lobbie deploy\` brings it back.`];
}
