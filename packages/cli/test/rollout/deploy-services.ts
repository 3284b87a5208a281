import type { Network, Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { Service } from '../../src/model/service.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject } from './a-service.ts';
import type { TestContext } from './test-context.ts';

/** What a deploy of a test has beside its services. */
export interface DeployOptions {
  /** Networks beside the default one; each is named after the project and its key. */
  readonly networks?: readonly Omit<Network, 'name' | 'external'>[];
  readonly removeOrphans?: boolean;
}

/** Deploys these services, with the default network and the volumes that they mount. */
export const deployServices = (
  context: TestContext,
  services: readonly Service[],
  { networks = [], removeOrphans = false }: DeployOptions = {},
): Promise<Receipt> =>
  rollOut(context, {
    project: projectOf(context, services, [{ key: 'default' }, ...networks]),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
    removeOrphans,
  });

const projectOf = (
  { project }: TestContext,
  services: readonly Service[],
  networks: readonly Omit<Network, 'name' | 'external'>[],
): Project => {
  const volumes = new Set(
    services.flatMap(({ mounts }) => mounts.flatMap((mount) => (mount.kind === 'volume' ? (mount.source ?? []) : []))),
  );
  return aProject(services, {
    name: project,
    networks: networks.map((network) => ({ ...network, name: `${project}_${network.key}`, external: false })),
    volumes: [...volumes].map((name) => ({ key: name.slice(project.length + 1), name, external: false })),
  });
};
