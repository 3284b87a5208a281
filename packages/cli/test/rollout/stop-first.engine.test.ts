import { expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Healthcheck, Service, ServiceFile } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { aService } from './a-service.ts';
import { containersOf } from './containers-of.ts';
import { deployServices } from './deploy-services.ts';
import { gateUntil } from './gate-until.ts';
import { STATE_SERVER } from './state-server.ts';
import { dataOf, stateService } from './state-service.ts';
import { type TestContext, testContext } from './test-context.ts';
import { NODE_IMAGE } from './test-project.ts';

const CLIENTS = { keepAlive: 6, fresh: 4, connectionClose: 4, posts: 0.3, pauseMs: 40 };
const ROUNDS = Number(process.env.LOBBIE_TEST_ROUNDS ?? 4);
const CHECK = "fetch('http://127.0.0.1:3000/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))";

describeEngine('a service that keeps data, under load', (engine) => {
  it('is replaced again and again, and the requests meanwhile wait', async () => {
    await using context = testContext(engine);
    const first = await deployServices(context, [stateService(context)]);
    const load = await startLoad({ url: `${first.url[0]}/`, ...CLIENTS });
    const pauses: number[] = [];
    for (let round = 2; round < 2 + ROUNDS; round += 1) {
      context.events.length = 0;
      const receipt = await deployServices(context, [stateService(context, { VERSION: String(round) })]);
      expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [], requests: { failed: 0 } });
      pauses.push(pauseOf(context));
      await load.pass(20);
    }
    const result = await load.stop();
    // For who measures: a pause is a stop, a start and a gate.
    if (process.env.LOBBIE_TEST_ROUNDS)
      process.stderr.write(`${JSON.stringify({ pauses, slowestMs: result.slowestMs, total: result.total })}\n`);
    expect({ failed: result.failed, failures: result.failures }).toEqual({ failed: 0, failures: [] });
    expect(Object.keys(result.bodies)).toHaveLength(1 + ROUNDS);
    // What was written before a change of hands is there after it, each once.
    const posts: unknown = await (await fetch(`${first.url[0]}/posts`)).json();
    expect((posts as string[]).toSorted()).toEqual([...result.posts.sent].toSorted());
  });

  it('is started again when its successor never becomes healthy, and serves the requests that waited', async () => {
    await using context = testContext(engine);
    const checked = { ...stateService(context), healthcheck: HEALTHCHECK };
    const first = await deployServices(context, [checked]);
    const before = await containersOf(context);
    const load = await startLoad({ url: `${first.url[0]}/`, ...CLIENTS });
    const bad = await deployServices(gateUntil(context, /exit code 1/), [{ ...checked, environment: { FAIL: '1' } }]);
    await load.pass(20);
    const result = await load.stop();
    expect(bad).toMatchObject({ outcome: 'failed-restored', warnings: [], error: { code: 'GATE_FAILED' } });
    expect({ failed: result.failed, failures: result.failures }).toEqual({ failed: 0, failures: [] });
    expect(result.bodies).toEqual({ [JSON.stringify({ version: '1' })]: result.total });
    expect(await containersOf(context)).toEqual(before);
    expect((await engine.inspectContainer(first.replicas[0]?.container ?? ''))?.restart).toEqual({ name: 'always' });
    expect(await deployServices(context, [checked])).toMatchObject({ outcome: 'unchanged' });
  });

  it('finds its configs and secrets with owner and mode, in a read-only container too', async () => {
    await using context = testContext(engine);
    const files: ServiceFile[] = [
      { ...file('secret', '/run/secrets/key', 'a secret'), uid: 1000, gid: 1001, mode: 0o400 },
      { ...file('config', '/etc/deep/down/app.conf', 'a config'), mode: 0o640, gid: 1000 },
    ];
    for (const readOnly of [false, true]) {
      const service = stateService(context);
      const receipt = await deployServices(context, [
        { ...service, files, settings: { ...service.settings, readOnly } },
      ]);
      expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
      const query = files.map(({ target }) => `path=${target}`).join('&');
      expect(await (await fetch(`${receipt.url[0]}/files?${query}`)).json()).toEqual([
        { content: 'a secret', mode: '400', uid: 1000, gid: 1001 },
        { content: 'a config', mode: '640', uid: 0, gid: 1000 },
      ]);
    }
  });

  it('waits for the job before it, and stays as it was when that fails', async () => {
    await using context = testContext(engine);
    const job = (script: string): Service =>
      aService('migrate', {
        image: NODE_IMAGE,
        entrypoint: ['node', '-e', script],
        job: true,
        restart: { name: 'no' },
        mounts: dataOf(context),
        files: [file('secret', '/run/secrets/key', 'sesame-open')],
      });
    const web = (name: string): Service => ({
      ...stateService(context),
      name,
      mounts: [{ kind: 'volume', source: `${context.project}_${name}`, target: '/data', readOnly: false }],
      dependsOn: [{ service: 'migrate', condition: 'completed', required: true, restart: false }],
    });
    const good = job("require('node:fs').writeFileSync('/data/migrated', 'yes')");
    const first = await deployServices(context, [good, web('one'), web('two')]);
    expect(first).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(await deployServices(context, [good, web('one'), web('two')])).toMatchObject({ outcome: 'unchanged' });
    const before = await containersOf(context);
    const bad = job("console.log(require('node:fs').readFileSync('/run/secrets/key', 'utf8')); process.exit(4)");
    const second = await deployServices(context, [bad, web('one'), { ...web('two'), environment: { VERSION: '2' } }]);
    expect(second).toMatchObject({
      outcome: 'failed-restored',
      error: { code: 'GATE_FAILED', message: 'Job migrate exited with code 4.' },
    });
    expect(context.secrets.text(second.error?.details.at(-1) ?? '')).toBe('  ***');
    expect(await containersOf(context)).toEqual(before);
  });

  it('takes over from a container of docker compose, with its volume and its name', async () => {
    await using context = testContext(engine);
    const { project } = context;
    const published = await freePort();
    const name = `${project}-the-wiki`;
    const service: Service = { ...stateService(context, { VERSION: 'new' }), containerName: name };
    const labels = { 'com.docker.compose.project': project };
    await engine.createNetwork({
      name: `${project}_default`,
      labels: { ...labels, 'com.docker.compose.network': 'default' },
    });
    await engine.createVolume({ name: `${project}_data`, labels: { ...labels, 'com.docker.compose.volume': 'data' } });
    const former = await engine.createContainer({
      name,
      image: NODE_IMAGE,
      labels: { ...labels, 'com.docker.compose.service': 'state', 'com.docker.compose.oneoff': 'False' },
      entrypoint: ['node', '-e', STATE_SERVER],
      environment: { VERSION: 'old' },
      networks: [{ name: `${project}_default`, aliases: ['state'] }],
      mounts: dataOf(context),
      ports: [{ target: 3000, published, protocol: 'tcp' }],
    });
    try {
      await engine.startContainer(former);
      const url = `http://localhost:${published}`;
      await expect
        .poll(() =>
          fetch(`${url}/?id=kept`, { method: 'POST' }).then(
            (r) => r.status,
            () => 0,
          ),
        )
        .toBe(200);
      const ports = [{ target: 3000, published, protocol: 'tcp', mode: 'http' }] as const;

      const failed = await deployServices(gateUntil(context, /status 500/), [
        { ...service, ports, environment: { FAIL: '1' } },
      ]);
      expect(failed).toMatchObject({ outcome: 'failed-restored', warnings: [] });
      expect(await engine.inspectContainer(former)).toMatchObject({ name, state: 'running' });
      await expect
        .poll(() =>
          fetch(url).then(
            (r) => r.text(),
            () => '',
          ),
        )
        .toContain('old');

      const taken = await deployServices(context, [{ ...service, ports }]);
      expect(taken).toMatchObject({ outcome: 'deployed', warnings: [] });
      expect(await engine.inspectContainer(former)).toBeUndefined();
      expect(await (await fetch(url)).json()).toEqual({ version: 'new' });
      expect(await (await fetch(`${url}/posts`)).json()).toEqual(['kept']);
      expect((await engine.inspectContainer(name))?.labels[LABEL.role]).toBe('ingress');
      // Its container is the ingress, whichever release it is of.
      const again = await deployServices(context, [{ ...service, ports: [{ ...ports[0], published: 0 }] }]);
      expect(again).toMatchObject({ outcome: 'deployed', warnings: [] });
      expect((await engine.inspectContainer(name))?.labels[LABEL.release]).toBe(again.release);
    } finally {
      await engine.removeContainer(former, { force: true });
    }
  });
});

const HEALTHCHECK: Healthcheck = {
  test: ['CMD', 'node', '-e', CHECK],
  intervalMs: 2000,
  timeoutMs: 60_000,
  retries: 10,
  startPeriodMs: 1000,
};

const file = (kind: ServiceFile['kind'], target: string, text: string): ServiceFile => ({
  kind,
  name: 'it',
  target,
  content: Buffer.from(text).toString('base64'),
  uid: 0,
  gid: 0,
  mode: 0o444,
});

/** Milliseconds from the stop of the old replica to the admission of the new one. */
function pauseOf({ events }: TestContext): number {
  const stopped = events.find(
    ({ type, ...event }) => type === 'step-started' && 'step' in event && event.step.kind === 'stop-replica',
  );
  const admitted = events.find(
    ({ type, ...event }) => type === 'step-done' && 'step' in event && event.step.kind === 'admit-replica',
  );
  return (admitted?.timeMs ?? Number.NaN) - (stopped?.timeMs ?? 0);
}
