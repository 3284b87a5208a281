import { hasIngress, type Service } from './service.ts';

/**
 * Whether the file names a port that is not TCP. Ports that the image exposes do not count: they are often not used.
 */
export const speaksUdp = ({ ports, exposesUdp }: Service): boolean =>
  exposesUdp === true || ports.some(({ protocol }) => protocol !== 'tcp');

/**
 * Whether the ingress has the names and addresses of the service. It forwards only TCP: the replicas of a service that
 * uses UDP keep them, and the ingress has only its published TCP ports.
 */
export const namesAtIngress = (service: Service): boolean => hasIngress(service) && !speaksUdp(service);

/** Whether the replicas themselves have the names of the service. */
export const holdsNames = (service: Service): boolean => !namesAtIngress(service) && service.front?.nameless !== true;

/** The file's `container_name`, if the ingress has it. Otherwise it is only a name in the network. */
export const ingressContainerName = (service: Service): string | undefined =>
  namesAtIngress(service) ? service.containerName : undefined;
