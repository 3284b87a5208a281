import type { Bench } from './bench.ts';
import { HEALTHCHECK, serverOf, writeProject } from './project.ts';
import { LOBBIE } from './scenario.ts';

const found = new WeakMap<Bench, string>();

/**
 * The image of lobbie's ingresses, which also runs HAProxy by hand. The first time, a small deploy makes it, and is
 * removed again.
 */
export async function ensureIngressImage(bench: Bench): Promise<string> {
  const image = found.get(bench) ?? (await deployForImage(bench));
  found.set(bench, image);
  return image;
}

async function deployForImage(bench: Bench): Promise<string> {
  const { name, argv } = await writeProject(bench, LOBBIE, {
    web: { ...serverOf(bench), healthcheck: HEALTHCHECK, ports: [{ target: 3000 }] },
  });
  await bench.lobbie('deploy', ...argv);
  const [ingress] = await bench.engine.listContainers({ 'dev.lobbie.project': name, 'dev.lobbie.role': 'ingress' });
  await bench.clean();
  if (ingress === undefined) throw new Error(`Project ${name} has no ingress.`);
  return ingress.image;
}
