import type { Service } from '../../src/model/service.ts';
import { aWebService } from './a-service.ts';
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
