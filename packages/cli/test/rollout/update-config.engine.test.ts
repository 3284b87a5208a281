import { expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { aWebService } from './a-service.ts';
import { deployServices } from './deploy-services.ts';
import { type TestContext, testContext } from './test-context.ts';
import { NODE_IMAGE, START_FIRST } from './test-project.ts';

const CLIENTS = { keepAlive: 4, fresh: 4, connectionClose: 4, posts: 0, pauseMs: 20 };

describeEngine('a rollout by update_config, under load', (engine) => {
  it('lets as many replicas fail as it may, stops where it is to pause, and goes on from there', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const first = await deployServices(context, [web(context, port, '1')]);
    expect(first).toMatchObject({ outcome: 'deployed', warnings: [] });
    const load = await startLoad({ url: `http://127.0.0.1:${port}/`, ...CLIENTS });

    // Of the second version only one container may run.
    const half = await deployServices(context, [web(context, port, '2', { maxFailureRatio: 0.5 })]);
    expect(half).toMatchObject({ outcome: 'deployed', warnings: [expect.stringMatching(/^web-\d failed/)] });
    expect(await versions(context)).toEqual(['1', '2']);

    const paused = await deployServices(context, [web(context, port, '3', { failureAction: 'pause', parallelism: 1 })]);
    expect(paused).toMatchObject({ outcome: 'failed-not-restored', error: { code: 'GATE_FAILED' } });
    expect(await versions(context)).toContain('3');

    const last = await deployServices(context, [web(context, port, 'last')]);
    await load.pass(20);
    const { failed, failures } = await load.stop();
    expect(last).toMatchObject({ outcome: 'deployed', warnings: [], requests: { failed: 0 } });
    expect(await versions(context)).toEqual(['last', 'last']);
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
  });

  it('leaves a service that is in no file any more, and removes it when told to', async () => {
    await using context = testContext(engine);
    const [kept, gone] = [
      web(context, await freePort(), '1'),
      { ...web(context, await freePort(), '1'), name: 'gone' },
    ];
    await deployServices(context, [kept, gone]);
    expect(await deployServices(context, [kept])).toMatchObject({ outcome: 'unchanged' });
    expect(await services(context)).toEqual(['gone', 'web']);
    expect(await deployServices(context, [kept], { removeOrphans: true })).toMatchObject({
      outcome: 'deployed',
      warnings: [],
    });
    expect(await services(context)).toEqual(['web']);
    expect(await deployServices(context, [kept], { removeOrphans: true })).toMatchObject({ outcome: 'unchanged' });
  });
});

/** Of versions that are a number greater than 1, the second container to start ends at once. */
const SERVER = `
const { VERSION } = process.env;
try { if (Number(VERSION) > 1) require('node:fs').mkdirSync('/data/' + VERSION); } catch { process.exit(1); }
require('node:http').createServer((request, response) => response.end(VERSION)).listen(3000, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

const web = (
  { project }: TestContext,
  port: number,
  version: string,
  update: Partial<Service['update']> = {},
): Service =>
  aWebService('web', port, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', SERVER],
    environment: { VERSION: version },
    replicas: 2,
    restart: { name: 'no' },
    mounts: [{ kind: 'volume', source: `${project}_data`, target: '/data', readOnly: false }],
    update: { ...START_FIRST, monitorMs: 300, ...update },
  });

const replicas = ({ engine, project }: TestContext) =>
  engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });

/** What the running replicas answer, each asked by itself. */
async function versions(context: TestContext): Promise<string[]> {
  const running = (await replicas(context)).filter(({ state }) => state === 'running');
  const told = running.map(async ({ addresses }) =>
    (await fetch(`http://${Object.values(addresses)[0]}:3000/`)).text(),
  );
  return (await Promise.all(told)).toSorted();
}

const services = async (context: TestContext): Promise<string[]> =>
  [...new Set((await replicas(context)).map(({ labels }) => labels[LABEL.service] ?? ''))].toSorted();
