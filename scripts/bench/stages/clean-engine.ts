import { ensureIngressImage } from '../ingress-image.ts';
import { HEALTHCHECK, serverOf, type Twins, writeTwins } from '../project.ts';
import type { Stage } from '../scenario.ts';

export interface CleanEngine {
  readonly twins: Twins;
  readonly ingressImage: string;
}

/** Two projects that are not deployed yet. All images are there. The size is the number of replicas. */
export const cleanEngine: Stage<CleanEngine> = {
  name: 'nothing deployed',
  prepare: async (bench, replicas) => {
    const ingressImage = await ensureIngressImage(bench);
    const web = { ...serverOf(bench), healthcheck: HEALTHCHECK, ports: [{ target: 3000 }], deploy: { replicas } };
    return { twins: await writeTwins(bench, { web }), ingressImage };
  },
};
