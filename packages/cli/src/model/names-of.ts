import type { Service } from './service.ts';

/**
 * The names that other services use for a service: its own, its `container_name` and its aliases.
 *
 * @param network key of a network that both are on; absent: any network
 */
export const namesOf = (
  { name, containerName, networks }: Pick<Service, 'name' | 'containerName' | 'networks'>,
  network?: string,
): string[] => {
  const joined = networks.filter(({ key }) => network === undefined || key === network);
  const aliases = joined.flatMap((one) => one.aliases);
  return [...new Set([name, ...(containerName === undefined ? [] : [containerName]), ...aliases])];
};
