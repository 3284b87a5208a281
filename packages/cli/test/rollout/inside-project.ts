import { expect } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { readProject } from '../compose/project/read-project.ts';
import type { TestContext } from './test-context.ts';
import { NODE_IMAGE } from './test-project.ts';

/** Answers its version on the ports that it is given, where it is LATE once {@link openPorts} has told it to. */
export const SERVER = `
const { PORTS, VERSION, LATE, HOST } = process.env;
const { createServer } = require('node:http');
const open = () => {
  for (const port of PORTS.split(',')) createServer((_, answer) => answer.end(VERSION)).listen(port, HOST);
};
if (LATE) {
  process.once('SIGUSR2', open);
  setInterval(() => undefined, 1000);
} else open();`;
export const IDLE = 'setInterval(() => undefined, 1000)';

/** A service that runs this code. */
export const program = (code: string, environment: object = {}, more: object = {}): object => ({
  image: NODE_IMAGE,
  entrypoint: ['node', '-e', code],
  init: true,
  environment: { VERSION: '1', ...environment },
  ...more,
});
/** The service that {@link ask} asks from. */
export const caller = (more: object = {}): object => program(IDLE, {}, more);

/** Deploys the services of a Compose file. */
export async function deployFile(context: TestContext, services: object): Promise<Receipt> {
  const { project, problems } = await readProject(JSON.stringify({ name: context.project, services }));
  expect(problems).toEqual([]);
  return rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
}

/** What a caller gets by a name: a version, or the code of the error. */
export async function ask({ engine }: TestContext, { replicas }: Receipt, url: string): Promise<string> {
  const container = replicas.find(({ service }) => service === 'caller')?.container ?? '';
  const code = `fetch(process.argv[1]).then((a) => a.text(), (e) => e.cause?.code ?? e.message).then(console.log)`;
  const { output } = await engine.exec(container, ['node', '-e', code, url], { timeoutMs: 300_000 });
  return output.trim();
}

/** The services that have an ingress. */
export const ingressesOf = async ({ engine, project }: TestContext): Promise<string[]> => {
  const found = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  return found.map(({ labels }) => labels[LABEL.service] ?? '').toSorted();
};

/** Lets a {@link SERVER} that is late open its ports. */
export async function openPorts({ engine, project }: TestContext, service: string): Promise<void> {
  const [replica] = await engine.listContainers({
    [LABEL.project]: project,
    [LABEL.service]: service,
    [LABEL.role]: 'replica',
  });
  const { exitCode } = await engine.exec(replica?.id ?? '', ['sh', '-c', 'kill -USR2 1'], { timeoutMs: 300_000 });
  expect(exitCode).toBe(0);
}
