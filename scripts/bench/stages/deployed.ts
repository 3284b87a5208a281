import type { Bench } from '../bench.ts';
import { HEALTHCHECK, type ServiceFile, serverOf, type Twins, writeTwins } from '../project.ts';
import type { Stage } from '../scenario.ts';

/** The same project, deployed by lobbie and by Compose. Needs no build. The size is the number of services. */
export const deployed: Stage<Twins> = {
  name: 'deployed project',
  prepare: async (bench, size) => {
    const twins = await writeTwins(bench, servicesOf(bench, size));
    await bench.lobbie('deploy', ...twins.lobbie.argv);
    await bench.compose?.run(...twins.compose.argv, 'up', '--detach');
    return twins;
  },
};

/** The first service has a healthcheck and a variable. The others have none, so that they leave the machine idle. */
export const servicesOf = (bench: Bench, size: number, version = '0'): Record<string, ServiceFile> => {
  const other = { ...serverOf(bench), expose: [3000], deploy: { update_config: { monitor: '0s' } } };
  return Object.fromEntries(
    Array.from({ length: size }, (_, at) => [
      `web-${at}`,
      at > 0
        ? other
        : {
            ...serverOf(bench),
            healthcheck: HEALTHCHECK,
            ports: [{ target: 3000 }],
            environment: { VERSION: version },
          },
    ]),
  );
};
