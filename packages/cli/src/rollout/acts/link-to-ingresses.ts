import type { EndpointSpec } from '../../model/container.ts';
import { ingressAlias } from '../../model/names.ts';
import { namesOf } from '../../model/names-of.ts';
import type { Project } from '../../model/project.ts';
import type { Service } from '../../model/service.ts';

/**
 * Leads a container by the names of some services to their ingresses alone. While these services get an ingress, their
 * old containers have the names too, and go at the end of the rollout.
 *
 * @param endpoints of the container, in the order of its service's networks
 */
export function linkToIngresses(
  { name: project, services }: Project,
  { networks }: Service,
  endpoints: readonly EndpointSpec[],
  names: readonly string[] = [],
): EndpointSpec[] {
  return endpoints.map((endpoint, at) => {
    const key = networks[at]?.key;
    const links = services
      .filter(({ name }) => names.includes(name))
      .filter((service) => service.networks.some((network) => network.key === key))
      .flatMap((service) => namesOf(service, key).map((name) => `${ingressAlias(project, service.name)}:${name}`));
    return links.length === 0 ? endpoint : { ...endpoint, links };
  });
}
