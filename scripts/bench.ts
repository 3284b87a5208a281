import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectEngine } from '../packages/cli/src/engine/connect-engine.ts';
import { BASE_IMAGES } from '../packages/cli/src/model/base-images.ts';
import type { ContainerSpec } from '../packages/cli/src/model/container.ts';
import type { Receipt, StatusResult } from '../packages/cli/src/model/results.ts';
import { realClock } from '../packages/cli/src/real-clock.ts';
import { freePort } from '../packages/cli/test/free-port.ts';
import { startLoad } from '../packages/cli/test/load.ts';
import { benchFirstBytes } from './bench-first-bytes.ts';
import { readBaseImages } from './read-base-images.ts';

// Compares lobbie with the bare Engine API, in one run on one engine. Shows medians of a few rounds. On a busy machine,
// compare the ratios rather than the seconds.

const ROUNDS = 3;
const LOBBIE = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));
const directory = await mkdtemp(join(tmpdir(), 'lobbie-bench-'));
const engine = await connectEngine({
  clock: realClock,
  env: process.env,
  homeDirectory: homedir(),
  platform: process.platform,
});
const rows: { what: string; bar: string; seen: string }[] = [];

try {
  for (const replicas of [1, 10]) await benchDeploy(replicas);
  await benchRecreate();
  await benchStart();
  await benchDetection();
} finally {
  engine.close();
  await rm(directory, { recursive: true, force: true });
}
console.table(rows);

/** A first deploy with a built image, and a deploy without changes, compared with the same acts on the bare API. */
async function benchDeploy(replicas: number): Promise<void> {
  const project = `bench-${process.pid}`;
  const floors: number[] = [];
  const deploys: number[] = [];
  const agains: number[] = [];
  await lobbie(project, 'deploy', '--demo', '--replicas', '1');
  await lobbie(project, 'down');
  for (let round = 0; round < ROUNDS; round += 1) {
    deploys.push(await seconds(() => lobbie(project, 'deploy', '--demo', '--replicas', String(replicas))));
    agains.push(await seconds(() => lobbie(project, 'deploy', '--demo')));
    const image =
      (await engine.listContainers({ 'dev.lobbie.project': project, 'dev.lobbie.role': 'replica' }))[0]?.image ?? '';
    const ingress =
      (await engine.listContainers({ 'dev.lobbie.project': project, 'dev.lobbie.role': 'ingress' }))[0]?.image ?? '';
    await lobbie(project, 'down');
    floors.push(await bareDeploy(image, ingress, replicas));
  }
  await lobbie(project, 'down', '--history', '--yes');
  const ratio = median(deploys) / median(floors);
  rows.push({
    what: `deploy, ${replicas} replicas`,
    bar: '≤ 1.5 × floor',
    seen: `${show(deploys)}, floor ${show(floors)}: ${ratio.toFixed(2)} ×`,
  });
  rows.push({ what: `deploy again, ${replicas} replicas`, bar: '≤ 0.3 s', seen: show(agains) });
}

/** The same acts, all in parallel: a network, an ingress, and replicas until each answers. */
async function bareDeploy(image: string, ingressImage: string, replicas: number): Promise<number> {
  const name = `bare-${process.pid}`;
  const history = join(directory, name);
  const containers = Array.from(
    { length: replicas },
    (_, at): ContainerSpec => ({
      name: `${name}-${at}`,
      image,
      labels: {},
      networks: [{ name, aliases: [] }],
      mounts: [{ kind: 'bind', source: history, target: '/history', readOnly: false }],
      user: '0:0',
      init: true,
    }),
  );
  const ingress: ContainerSpec = {
    name: `${name}-ingress`,
    image: ingressImage,
    labels: {},
    networks: [{ name, aliases: [] }],
    entrypoint: ['sleep', '60'],
    command: [],
    ports: [{ target: 3000, protocol: 'tcp', published: 0 }],
  };
  try {
    return await seconds(async () => {
      await engine.createNetwork({ name, labels: {} });
      await Promise.all(
        [...containers, ingress].map(async (spec) => {
          await engine.createContainer(spec);
          await engine.startContainer(spec.name);
          if (spec !== ingress) await untilAnswers(spec.name);
        }),
      );
    });
  } finally {
    await Promise.all([...containers, ingress].map((spec) => engine.removeContainer(spec.name, { force: true })));
    await engine.removeNetwork(name);
  }
}

async function untilAnswers(container: string): Promise<void> {
  const { addresses } = (await engine.inspectContainer(container)) ?? { addresses: {} };
  const address = Object.values(addresses)[0];
  for (;;) {
    const answer = await fetch(`http://${address}:3000/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Three replicas replaced under the load of 32 clients. */
async function benchRecreate(): Promise<void> {
  const project = `bench-${process.pid}`;
  const port = await freePort();
  await lobbie(project, 'deploy', '--demo', '--replicas', '3', { LOBBIE_PORT: String(port) });
  const load = await startLoad({ url: `http://localhost:${port}/file`, keepAlive: 32, pauseMs: 10 });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    times.push(((await lobbie(project, 'recreate')) as Receipt).seconds.total);
  const { total, failed, slowestMs } = await load.stop();
  rows.push({
    what: 'recreate 3 replicas under load',
    bar: '0 failed, ≤ 2.5 s',
    seen: `${failed} of ${total} failed, ${show(times)}, slowest request ${slowestMs} ms`,
  });
  const statuses: number[] = [];
  for (let round = 0; round < 5; round += 1)
    statuses.push(await seconds(() => lobbie(project, 'status') as Promise<StatusResult>));
  rows.push({ what: 'status', bar: '≤ 0.25 s', seen: show(statuses) });
  await lobbie(project, 'down', '--history', '--yes');
}

/** Detecting HTTP by the first bytes, compared with a port whose protocol is set to HTTP. */
async function benchDetection(): Promise<void> {
  const project = `bench-${process.pid}`;
  const image = (await readBaseImages()).LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node;
  const costs = await benchFirstBytes(engine, { directory, image, project }, (file) =>
    lobbie(project, 'deploy', '-f', file),
  );
  await lobbie(project, 'down');
  for (const { load, said, detected } of costs) {
    const ratio = median(detected) / median(said);
    rows.push({
      what: `CPU of HTTP that is detected, ${load}`,
      bar: '≤ 1.05 × said to be HTTP',
      seen: `${median(detected).toFixed(1)} µs, said ${median(said).toFixed(1)} µs a request: ${ratio.toFixed(2)} ×`,
    });
  }
}

async function benchStart(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 10; round += 1) times.push(await seconds(() => run(['--version'], {})));
  rows.push({ what: 'lobbie --version', bar: '≤ 0.1 s', seen: show(times) });
}

async function lobbie(
  project: string,
  command: string,
  ...rest: (string | Record<string, string>)[]
): Promise<unknown> {
  const args = rest.filter((one): one is string => typeof one === 'string');
  const env = rest.find((one): one is Record<string, string> => typeof one === 'object') ?? {};
  const output = await run([command, '-p', project, '--json', ...args], { LOBBIE_PORT: '0', ...env });
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
}

async function run(args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [LOBBIE, ...args], {
    cwd: directory,
    env: { ...(await readBaseImages()), ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  return output;
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function show(values: readonly number[]): string {
  return `${median(values).toFixed(2)} s`;
}
