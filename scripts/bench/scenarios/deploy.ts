import type { ContainerSpec } from '../../../packages/cli/src/model/container.ts';
import { bareServer, startBare } from '../bare-api.ts';
import type { Bench } from '../bench.ts';
import { withCompose } from '../compose-contestant.ts';
import { COMPOSE, FLOOR, LOBBIE, type Scenario } from '../scenario.ts';
import { type CleanEngine, cleanEngine } from '../stages/clean-engine.ts';
import { timed, timeWith } from '../timed.ts';

/** A first deploy. Its rivals start the same containers; on the bare API all at once, with an HAProxy beside them. */
export const deploy: Scenario<CleanEngine> = {
  name: 'deploy',
  title: 'first deploy',
  sizeOf: 'replicas',
  sizes: [1, 3, 10, 30],
  shortSizes: [1],
  rounds: 5,
  metrics: [
    timeWith(
      { against: FLOOR, limit: 1.5, sizes: [1] },
      { against: FLOOR, limit: 1.35, sizes: [3] },
      { against: FLOOR, limit: 1.25, sizes: [10] },
      { against: FLOOR, limit: 1.2, sizes: [30] },
      { against: COMPOSE, limit: 0.75, sizes: [1, 3] },
      { against: COMPOSE, limit: 1, sizes: [10, 30] },
    ),
  ],
  stage: cleanEngine,
  contestants: (bench, { twins, ingressImage }, size) => [
    timed(LOBBIE, () => bench.lobbie('deploy', ...twins.lobbie.argv), bench.clean),
    timed(FLOOR, () => deployBare(bench, ingressImage, size), bench.clean),
    ...withCompose(bench, (compose) => [
      timed(COMPOSE, () => compose.run(...twins.compose.argv, 'up', '--detach', '--wait'), bench.clean),
    ]),
  ],
};

async function deployBare(bench: Bench, ingressImage: string, replicas: number): Promise<void> {
  const network = bench.name('bare');
  const ingress: ContainerSpec = {
    name: bench.name('bare-ingress'),
    image: ingressImage,
    labels: {},
    networks: [{ name: network, aliases: [] }],
    entrypoint: ['sleep', 'infinity'],
    command: [],
    ports: [{ target: 3000, protocol: 'tcp', published: 0 }],
  };
  await bench.engine.createNetwork({ name: network, labels: {} });
  await Promise.all([
    bench.engine.createContainer(ingress).then((id) => bench.engine.startContainer(id)),
    ...Array.from({ length: replicas }, (_, at) =>
      startBare(bench, bareServer(bench, bench.name(`bare-${at}`), network)),
    ),
  ]);
}
