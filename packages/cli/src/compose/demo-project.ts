import type { Project } from '../model/project.ts';

/** What the demo takes from the command line and its surroundings. */
export interface DemoOptions {
  readonly name: string;
  readonly replicas: number;
  /** Directory with Dockerfile.api and the bundle. */
  readonly context: string;
  readonly nodeImage: string;
  /** Port on the host; 0 lets the engine pick one. */
  readonly port: number;
  /** Absolute path on the engine's machine. */
  readonly history: string;
}

/** lobbie's own API as a project: each container makes a file and remembers those before it. */
export function demoProject({ name, replicas, context, nodeImage, port, history }: DemoOptions): Project {
  return {
    name,
    networks: [{ key: 'default', name: `${name}_default` }],
    history: { source: history },
    services: [
      {
        name: 'api',
        image: `${name}-api`,
        build: { context, dockerfile: 'Dockerfile.api', args: { NODE_IMAGE: nodeImage, BUNDLE: 'prebuilt' } },
        replicas,
        environment: {},
        labels: {},
        mounts: [{ kind: 'bind', source: history, target: '/history', readOnly: false }],
        networks: ['default'],
        ports: [{ target: 3000, published: port }],
        restart: 'always',
        stopGracePeriodMs: 10_000,
        hardening: {
          capDrop: ['ALL'],
          capAdd: [],
          securityOpt: ['no-new-privileges'],
          pidsLimit: 256,
          init: true,
          readOnly: false,
        },
        update: { order: 'start-first', parallelism: 0, monitorMs: 5000 },
        ingress: { mode: 'http', drainTimeoutMs: 30_000, clientTimeoutMs: 60_000, serverTimeoutMs: 60_000 },
        report: '/file',
      },
    ],
  };
}
