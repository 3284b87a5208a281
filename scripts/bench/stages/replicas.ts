import { freePort } from '../../../packages/cli/test/free-port.ts';
import { type BenchProject, HEALTHCHECK, serverOf, writeProject } from '../project.ts';
import { LOBBIE, type Stage } from '../scenario.ts';

export interface Replicas {
  readonly project: BenchProject;
  /** Through the ingress. */
  readonly url: string;
}

/** One service that lobbie has deployed. The size is the number of replicas. */
export const replicas: Stage<Replicas> = {
  name: 'one service',
  prepare: async (bench, size) => {
    const port = await freePort();
    const project = await writeProject(bench, LOBBIE, {
      web: {
        ...serverOf(bench),
        healthcheck: HEALTHCHECK,
        ports: [{ target: 3000, published: String(port) }],
        deploy: { replicas: size },
      },
    });
    await bench.lobbie('deploy', ...project.argv);
    return { project, url: `http://127.0.0.1:${port}/` };
  },
};
