import { hasIngress, type Service } from './service.ts';

/** Whether the file names a port of another protocol than TCP. What the image exposes is often not meant. */
export const speaksUdp = ({ ports, exposesUdp }: Service): boolean =>
  exposesUdp === true || ports.some(({ protocol }) => protocol !== 'tcp');

/**
 * Whether the ingress answers to the names and addresses of the service. It takes TCP only: a service that speaks UDP
 * keeps them on its replicas, and the ingress has its published TCP ports alone.
 */
export const namesAtIngress = (service: Service): boolean => hasIngress(service) && !speaksUdp(service);

/** Whether the replicas themselves answer to the names of the service. */
export const holdsNames = (service: Service): boolean => !namesAtIngress(service) && service.front?.nameless !== true;

/** The `container_name` of the file, where the ingress has it. Else it is a name in the network only. */
export const ingressContainerName = (service: Service): string | undefined =>
  namesAtIngress(service) ? service.containerName : undefined;
