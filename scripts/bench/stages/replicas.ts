import { freePort } from '../../../packages/cli/test/free-port.ts';
import { type BenchProject, HEALTHCHECK, serverOf, writeProject } from '../project.ts';
import { LOBBIE, type Stage } from '../scenario.ts';

export interface Replicas {
  readonly project: BenchProject;
  /** Through the ingress. */
  readonly url: string;
}

/** One service that lobbie has deployed. The size is the number of replicas. */
export const replicas: Stage<Replicas> = oneService('one service', (size) => ({ replicas: size }));

/** A service with one replica that stops before the next one starts. */
export const stopFirstService: Stage<Replicas> = oneService('a stop-first service', () => ({
  update_config: { order: 'stop-first' },
}));

/** @param deployOf the `deploy` section of the service, by the size */
function oneService(name: string, deployOf: (size: number) => object): Stage<Replicas> {
  return {
    name,
    prepare: async (bench, size) => {
      const port = await freePort();
      const project = await writeProject(bench, LOBBIE, {
        web: {
          ...serverOf(bench),
          healthcheck: HEALTHCHECK,
          ports: [{ target: 3000, published: String(port) }],
          deploy: deployOf(size),
        },
      });
      await bench.lobbie('deploy', ...project.argv);
      return { project, url: `http://127.0.0.1:${port}/` };
    },
  };
}
