import { expect } from 'vitest';
import { status } from '../../src/commands/status.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import type { TestContext } from '../rollout/test-context.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';

/** Deploys two replicas on a port. */
export const deploy = (context: TestContext, port: number): Promise<Receipt> =>
  rollOut(context, {
    project: lightProject({ name: context.project, history: context.history, port }),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
  });

/** As `docker restart` does. */
export async function restart(engine: Engine, container: string): Promise<void> {
  await engine.stopContainer(container, 10_000);
  await engine.startContainer(container);
}

/** Status of the answer on this port; undefined without one. */
export const served = async (port: number): Promise<number | undefined> =>
  fetch(`http://localhost:${port}/`).then(
    ({ status: code }) => code,
    () => undefined,
  );

/** Both replicas are up and in the ingress, and it answers; nobody called lobbie for that. */
export async function expectAllServing(context: TestContext, port: number): Promise<void> {
  await expect.poll(() => served(port)).toBe(200);
  const { replicas, warnings } = await status(commandContext(context));
  expect(warnings).toEqual([]);
  expect(replicas.map(({ state, admitted }) => ({ state, admitted }))).toEqual([
    { state: 'running', admitted: true },
    { state: 'running', admitted: true },
  ]);
  await expect.poll(() => upServers(context)).toBe(2);
}

/** How many servers HAProxy itself says are up. */
async function upServers(context: TestContext): Promise<number> {
  const ask = ['sh', '-c', 'echo "show stat" | socat - UNIX-CONNECT:/run/haproxy/haproxy.sock'];
  const { output } = await context.engine.exec(await ingressOf(context), ask);
  return output.split('\n').filter((line) => /^port-\d+,s\d+,/.test(line) && line.split(',')[17] === 'UP').length;
}

/** Name of the project's ingress. */
export async function ingressOf({ engine, project }: TestContext): Promise<string> {
  const [ingress] = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  return ingress?.name ?? '';
}
