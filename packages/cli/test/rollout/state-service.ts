import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { Service } from '../../src/model/service.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aWebService } from './a-service.ts';
import { STATE_SERVER } from './state-server.ts';
import type { TestContext } from './test-context.ts';
import { INGRESS, NODE_IMAGE } from './test-project.ts';

/** One copy of it at a time: it has a volume to itself. */
export const stateService = (context: TestContext, environment: Record<string, string> = {}): Service =>
  aWebService('state', 0, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', STATE_SERVER],
    environment,
    mounts: dataOf(context),
    restart: { name: 'always' },
    settings: { init: true },
    update: { parallelism: 0, delayMs: 0, monitorMs: 100, failureAction: 'rollback', maxFailureRatio: 0 },
    ingress: { ...INGRESS, healthPath: '/health' },
  });

/** The volume that it has to itself. */
export const dataOf = ({ project }: TestContext): Service['mounts'] => [
  { kind: 'volume', source: `${project}_data`, target: '/data', readOnly: false },
];

const projectOf = ({ project }: TestContext, services: readonly Service[]): Project => {
  const names = new Set(
    services.flatMap(({ mounts }) => mounts.flatMap((mount) => (mount.kind === 'volume' ? (mount.source ?? []) : []))),
  );
  return aProject(services, {
    name: project,
    networks: [{ key: 'default', name: `${project}_default`, external: false }],
    volumes: [...names].map((name) => ({ key: name.slice(project.length + 1), name, external: false })),
  });
};

/** Deploys these services, with the volumes that they mount. */
export const deployServices = (context: TestContext, services: readonly Service[]): Promise<Receipt> =>
  rollOut(context, { project: projectOf(context, services), command: 'deploy', recreate: [], asDeployed: false });
