import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { Project } from '../../src/model/project.ts';
import type { IngressConfig, Service, UpdateConfig } from '../../src/model/service.ts';
import { TEST_SERVER } from './test-server.ts';

/** The image with Node that the first run pulled or made. */
export const NODE_IMAGE = process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node;

export interface TestProjectOptions {
  readonly name: string;
  readonly replicas?: number;
  readonly version?: string;
  readonly fail?: 'exit' | 'unhealthy' | 'localhost';
  readonly port?: number;
  /** Absolute path of the history. */
  readonly history: string;
  readonly service?: Partial<Service>;
}

/** All replicas at once, watched for half a second where they have no healthcheck. */
export const START_FIRST: UpdateConfig = {
  order: 'start-first',
  parallelism: 0,
  delayMs: 0,
  monitorMs: 500,
  failureAction: 'rollback',
  maxFailureRatio: 0,
};

export const INGRESS: IngressConfig = {
  ports: [],
  // Patient: on a busy machine a service takes its time to change hands, and its requests to end.
  drainTimeoutMs: 120_000,
  outageTimeoutMs: 10_000,
  holdTimeoutMs: 300_000,
  clientTimeoutMs: 600_000,
  serverTimeoutMs: 600_000,
};

/** A project of one service that runs the test server; port 0 is picked by the engine. */
export function testProject(options: TestProjectOptions): Project {
  const { name, replicas = 2, version = '1', fail = '', port = 0, history, service } = options;
  return {
    name,
    networks: [{ key: 'default', name: `${name}_default`, external: false }],
    volumes: [],
    inactive: [],
    history: { source: history },
    services: [
      {
        name: 'api',
        image: NODE_IMAGE,
        pullPolicy: 'missing',
        replicas,
        entrypoint: ['node', '-e', TEST_SERVER],
        environment: { VERSION: version, FAIL: fail },
        labels: {},
        user: '1000:1000',
        mounts: [{ kind: 'bind', source: history, target: '/history', readOnly: false }],
        files: [],
        networks: [{ key: 'default', aliases: [] }],
        ports: [{ target: 3000, published: port, protocol: 'tcp', mode: 'http' }],
        expose: [],
        healthcheck: {
          test: [
            'CMD',
            'node',
            '-e',
            "fetch('http://127.0.0.1:3000/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
          ],
          // Patient: on a busy machine Node alone takes seconds to start.
          intervalMs: 2000,
          timeoutMs: 60_000,
          retries: 10,
          startPeriodMs: 1000,
        },
        restart: { name: 'always' },
        stopGracePeriodMs: 10_000,
        settings: {
          capDrop: ['ALL'],
          securityOpt: ['no-new-privileges'],
          pidsLimit: 256,
          init: true,
        },
        dependsOn: [],
        job: false,
        update: START_FIRST,
        rollback: { parallelism: 0, delayMs: 0 },
        ingress: INGRESS,
        report: '/file',
        ...service,
      },
    ],
  };
}
