import type { PublishedPort } from '../model/service.ts';

type Port = Omit<PublishedPort, 'mode'>;

/** Published ports for the engine. It picks a free port from a range. */
export function portBindings(ports: readonly Port[]): object {
  const bindings: Record<string, object[]> = {};
  for (const port of ports) {
    const { published, publishedEnd, hostIp } = port;
    const range = publishedEnd !== undefined && publishedEnd > published ? `-${publishedEnd}` : '';
    const binding = { HostIp: hostIp ?? '', HostPort: `${published}${range}` };
    bindings[portKey(port)] = [...(bindings[portKey(port)] ?? []), binding];
  }
  return bindings;
}

/** `80/tcp` */
export const portKey = ({ target, protocol }: Pick<Port, 'target' | 'protocol'>): string => `${target}/${protocol}`;
