import { namesOf } from '../../model/names-of.ts';
import type { Service } from '../../model/service.ts';
import { namesAtIngress } from '../../model/service-names.ts';

/**
 * For each network of a service, the links that lead a replica behind an ingress to itself under its service's names.
 * The engine's DNS answers so to this container alone, from the moment it starts, and whatever its address is.
 */
export const ownLinks = (service: Service, container: string): string[][] =>
  service.networks.map(({ key }) =>
    namesAtIngress(service) ? namesOf(service, key).map((name) => `${container}:${name}`) : [],
  );
