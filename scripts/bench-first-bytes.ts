import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../packages/cli/src/model/engine.ts';
import { freePort } from '../packages/cli/test/free-port.ts';
import { type LoadOptions, startLoad } from '../packages/cli/test/load.ts';

const ROUNDS = 5;
const REQUESTS = 20_000;
const SERVER = "for (const port of [3000, 3001]) require('node:http').createServer((_, r) => r.end('ok')).listen(port)";
/** Clock ticks of /proc per second, the same on every platform of Docker. */
const TICKS = 100;

/** CPU time of an ingress per request, in microseconds: with the protocol set to HTTP, and with detection. */
export interface DetectionCost {
  readonly load: string;
  readonly said: readonly number[];
  readonly detected: readonly number[];
}

/** Measures the cost of detecting HTTP by the first bytes, alternating between two ports of the same HAProxy. */
export async function benchFirstBytes(
  engine: Engine,
  { directory, image, project }: { readonly directory: string; readonly image: string; readonly project: string },
  deploy: (file: string) => Promise<unknown>,
): Promise<DetectionCost[]> {
  const [said, detected] = [await freePort(), await freePort()];
  const file = join(directory, 'first-bytes.json');
  const ports = [
    { target: 3000, published: String(said), app_protocol: 'http' },
    { target: 3001, published: String(detected) },
  ];
  const web = { image, entrypoint: ['node', '-e', SERVER], init: true, ports };
  await writeFile(file, JSON.stringify({ name: project, services: { web } }));
  await deploy(file);
  const [ingress] = await engine.listContainers({ 'dev.lobbie.project': project, 'dev.lobbie.role': 'ingress' });
  const cost = async (port: number, load: Partial<LoadOptions>): Promise<number> => {
    const before = await cpuSeconds(engine, ingress?.id ?? '');
    const running = await startLoad({ url: `http://localhost:${port}/`, ...load });
    await running.pass(REQUESTS);
    const { total } = await running.stop();
    return ((await cpuSeconds(engine, ingress?.id ?? '')) - before) * (1e6 / total);
  };
  const measure = async (name: string, load: Partial<LoadOptions>): Promise<DetectionCost> => {
    const costs = { load: name, said: [] as number[], detected: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      costs.said.push(await cost(said, load));
      costs.detected.push(await cost(detected, load));
    }
    return costs;
  };
  return [await measure('kept-alive', { keepAlive: 32 }), await measure('a connection each', { fresh: 32 })];
}

/** User and system time of all processes of a container, proc_pid_stat(5). */
async function cpuSeconds(engine: Engine, container: string): Promise<number> {
  const { output } = await engine.exec(container, ['sh', '-c', 'cat /proc/[0-9]*/stat'], { timeoutMs: 60_000 });
  const haproxy = output.split('\n').filter((line) => line.includes('(haproxy)'));
  const ticks = haproxy.map((line) => {
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}
