import type { Project } from '../../src/model/project.ts';
import type { Service } from '../../src/model/service.ts';
import type { TestContext } from './test-context.ts';
import { type TestProjectOptions, testProject } from './test-project.ts';

/** The keys of all three, for one host. */
export const ROUTING_LABELS = {
  'traefik.http.routers.api.rule': 'Host(`api.test`)',
  'traefik.http.services.api.loadbalancer.server.port': '3000',
  caddy: 'api.test',
  'caddy.reverse_proxy': '{{upstreams 3000}}',
};

/** The project of {@link testProject} with a service that publishes nothing, and that reverse proxies find. */
export function discoveredProject(
  { project, history }: Pick<TestContext, 'project' | 'history'>,
  network: string,
  { service = {}, ...options }: Partial<TestProjectOptions>,
): Project {
  const made = testProject({ name: project, history, ...options });
  const environment = { ...made.services[0]?.environment, VIRTUAL_HOST: 'api.test', VIRTUAL_PORT: '3000' };
  const discovered: Partial<Service> = {
    ports: [],
    labels: ROUTING_LABELS,
    environment,
    networks: [
      { key: 'default', aliases: [] },
      { key: 'proxy', aliases: [] },
    ],
    ...service,
  };
  return {
    ...made,
    networks: [...made.networks, { key: 'proxy', name: network, external: true }],
    services: made.services.map((one) => ({ ...one, ...discovered })),
  };
}
