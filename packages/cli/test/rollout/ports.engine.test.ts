import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { aWebService } from './a-service.ts';
import { deployServices } from './deploy-services.ts';
import { gateUntil } from './gate-until.ts';
import { killableEngine } from './killable-engine.ts';
import { printedIn } from './printed-in.ts';
import { type TestContext, testContext } from './test-context.ts';
import { NODE_IMAGE } from './test-project.ts';

const CLIENTS = { keepAlive: 4, fresh: 4, connectionClose: 4, posts: 0, pauseMs: 20 };
const TLS = 3443;

/** How many gates have failed such a check. */
const checked = ({ events }: TestContext, start: string): number =>
  new Set(
    events.flatMap((event) => (event.type === 'gate-waiting' && event.lastCheck.startsWith(start) ? [event.id] : [])),
  ).size;

describeEngine('what a service listens on', (engine) => {
  it('may be less than it publishes: connections are refused there, and served once something listens', async () => {
    await using context = testContext(engine);
    const [http, https] = [await freePort(), await freePort()];
    const first = await deployServices(context, [web(http, https)]);
    expect(first).toMatchObject({ outcome: 'deployed', warnings: [], url: [`localhost:${http}`] });
    const warnings = context.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings.filter((message) => message.includes(`port ${TLS}`))).toHaveLength(1);
    expect(await deployServices(context, [web(http, https)])).toMatchObject({ outcome: 'unchanged' });
    expect(await answerOn(https)).toBe('');

    const load = await startLoad({ url: `http://127.0.0.1:${http}/`, ...CLIENTS });
    const second = await deployServices(context, [web(http, https, { VERSION: '2' })]);
    await answerOn(https);
    const opened = await deployServices(context, [web(http, https, { VERSION: '3', ALSO: String(TLS) })]);
    await load.pass(20);
    const { failed, failures } = await load.stop();
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
    expect(second).toMatchObject({ outcome: 'deployed', warnings: [], requests: { failed: 0 } });
    expect(opened).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(await answerOn(https)).toMatch(/^HTTP\/1\.1 200/);

    // What has been seen open is asked for from now on.
    const answering = gateUntil(context, async () => {
      await printedIn(context, 'version 4 listens on 3000', 2);
      await expect.poll(() => checked(context, `port ${TLS}`)).toBe(2);
    });
    const closed = await deployServices(answering, [web(http, https, { VERSION: '4' })]);
    expect(closed).toMatchObject({ outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
    expect(closed.error?.message).toContain(`port ${TLS}`);
    expect(await answerOn(https)).toMatch(/^HTTP\/1\.1 200/);
  });

  it('is found out again when somebody has removed its ingress', async () => {
    await using context = testContext(engine);
    const [http, other] = [await freePort(), await freePort()];
    const service = web(http, other, { ALSO: String(TLS) });
    const first = await deployServices(context, [service]);
    expect(first.url).toContain(`localhost:${http}`);
    const [ingress] = await engine.listContainers({ [LABEL.project]: context.project, [LABEL.role]: 'ingress' });
    await engine.removeContainer(ingress?.id ?? '', { force: true });
    expect(await deployServices(context, [service])).toMatchObject({ outcome: 'deployed', url: first.url });
    expect(await deployServices(context, [service])).toMatchObject({ outcome: 'unchanged', url: first.url });
  });

  it('passes to another service that publishes it, and back when that does not get healthy', async () => {
    await using context = testContext(engine);
    const [moving, other] = [await freePort(), await freePort()];
    const before = await deployServices(context, [named('one', moving), named('two', other)]);
    expect(before).toMatchObject({ outcome: 'deployed', warnings: [] });

    const bad = named('two', moving, { FAIL: '1' });
    const failed = await deployServices(context, [named('one', other), bad]);
    expect(failed).toMatchObject({ outcome: 'failed-restored', warnings: [] });
    expect([await textOn(moving), await textOn(other)]).toEqual(['one', 'two']);
    expect(await deployServices(context, [named('one', moving), named('two', other)])).toMatchObject({
      outcome: 'unchanged',
    });

    const swapped = [named('one', other), named('two', moving)];
    expect(await deployServices(context, swapped)).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect([await textOn(moving), await textOn(other)]).toEqual(['two', 'one']);
    expect(await deployServices(context, swapped)).toMatchObject({ outcome: 'unchanged' });
  });

  it.each([
    [60, 60],
    [50, 60],
  ])('is what it was after two commands that were killed (calls %i and %i) and one that failed', async (...calls) => {
    await using context = testContext(engine);
    const [moving, other] = [await freePort(), await freePort()];
    expect(await deployServices(context, [named('one', moving), named('two', other)])).toMatchObject({
      outcome: 'deployed',
    });
    for (const [index, call] of calls.entries()) {
      const { engine: dying, killed } = killableEngine(engine, call);
      const change = { ROUND: String(index) };
      const rollout = deployServices({ ...context, engine: dying }, [
        named('one', other, change),
        named('two', moving, change),
      ]);
      await Promise.race([killed, rollout.then(() => expect.unreachable('it ended before it was killed'))]);
    }
    const bad = named('two', moving, { FAIL: '1' });
    const failed = await deployServices(context, [named('one', other), bad]);
    expect(failed).toMatchObject({ outcome: 'failed-restored', warnings: [] });
    expect([await textOn(moving), await textOn(other)]).toEqual(['one', 'two']);
  });
});

const named = (name: string, published: number, change: Readonly<Record<string, string>> = {}): Service =>
  aWebService(name, published, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', SERVER],
    environment: { VERSION: name, ...change },
  });

const SERVER = `
if (process.env.FAIL) process.exit(1);
const { VERSION, ALSO } = process.env;
const serve = (request, response) => response.end(VERSION);
const listen = (port) => require('node:http').createServer(serve).listen(port, '0.0.0.0', () => {
  console.log('version ' + VERSION + ' listens on ' + port);
});
for (const port of [3000, ALSO].filter(Boolean)) listen(port);
process.on('SIGTERM', () => process.exit(0));
`;

const web = (http: number, https: number, environment: Readonly<Record<string, string>> = {}): Service =>
  aWebService('web', http, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', SERVER],
    environment: { VERSION: '1', ...environment },
    replicas: 2,
    ports: [
      { target: 3000, published: http, protocol: 'tcp' },
      { target: TLS, published: https, protocol: 'tcp' },
    ],
  });

const textOn = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();

/** The first words of an answer over a fresh connection; empty where it is refused or cut. */
const answerOn = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.setTimeout(300_000, () => resolve('it waits'));
    socket.on('data', (chunk) => {
      said += chunk;
      socket.destroy();
    });
    socket.on('error', () => resolve(''));
    socket.on('close', () => resolve(said));
    socket.write('GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
  });
