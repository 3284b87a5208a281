import { freePort } from '../../../packages/cli/test/free-port.ts';
import { HEALTHCHECK, serverOf, writeProject } from '../project.ts';
import { LOBBIE, type Stage } from '../scenario.ts';
import type { Replicas } from './replicas.ts';

/** A service with one replica that stops before the next one starts, deployed by lobbie. */
export const stopFirstService: Stage<Replicas> = {
  name: 'a stop-first service',
  prepare: async (bench) => {
    const port = await freePort();
    const project = await writeProject(bench, LOBBIE, {
      web: {
        ...serverOf(bench),
        healthcheck: HEALTHCHECK,
        ports: [{ target: 3000, published: String(port) }],
        deploy: { update_config: { order: 'stop-first' } },
      },
    });
    await bench.lobbie('deploy', ...project.argv);
    return { project, url: `http://127.0.0.1:${port}/` };
  },
};
