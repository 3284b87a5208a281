import { expect, it } from 'vitest';
import { readIngressState } from '../../src/ingress/config-file.ts';
import { LABEL } from '../../src/model/names.ts';
import { describeEngine } from '../engine-available.ts';
import { listenToEngine } from '../promises/engine-events.ts';
import { ask, caller, deployFile, ingressesOf, program, SERVER } from './inside-project.ts';
import { type TestContext, testContext } from './test-context.ts';

const ingressOf = async ({ engine, project }: TestContext) => {
  const [found] = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  return engine.inspectContainer(found?.id ?? '');
};

describeEngine('the ports of an ingress', (engine) => {
  it('are added to it while it runs, as a newer version listens on more', async () => {
    await using context = testContext(engine);
    const services = (ports: string, version: string) => ({
      caller: caller({ depends_on: ['app'] }),
      app: program(SERVER, { PORTS: ports, VERSION: version }),
    });
    const first = await deployFile(context, services('3000', '1'));
    const before = await ingressOf(context);
    expect(await ask(context, first, 'http://app:9090')).toBe('ECONNREFUSED');
    const second = await deployFile(context, services('3000,9090', '2'));
    expect(await ask(context, second, 'http://app:9090')).toBe('2');
    const third = await deployFile(context, services('3000', '3'));
    expect(await ask(context, third, 'http://app:9090')).toMatch(/ECONNREFUSED|UND_ERR_SOCKET/);
    expect(await ask(context, third, 'http://app:3000')).toBe('3');
    const after = await ingressOf(context);
    expect([after?.id, after?.startedAtMs, after?.restartCount]).toEqual([before?.id, before?.startedAtMs, 0]);
  });

  it('are not those that a program got at random, and a warning says so', async () => {
    await using context = testContext(engine);
    const receipt = await deployFile(context, {
      caller: caller({ depends_on: ['app'] }),
      app: program(SERVER, { PORTS: '3000,40123' }),
    });
    expect(await ask(context, receipt, 'http://app:3000')).toBe('1');
    expect(await ask(context, receipt, 'http://app:40123')).toBe('ECONNREFUSED');
    const message = expect.stringMatching(/random \(40123\).*`expose`.*`x-lobbie\.ingress: false`/);
    expect(context.events).toContainEqual(expect.objectContaining({ type: 'warning', message }));
  });

  it('are known to greet where the server speaks first', async () => {
    await using context = testContext(engine);
    const server = `require('node:net').createServer((socket) => socket.end('220 hello')).listen(7000)`;
    await deployFile(context, { caller: caller({ depends_on: ['mail'] }), mail: program(server) });
    const ingress = await ingressOf(context);
    const config = await readIngressState(engine, ingress?.id ?? '');
    expect(config?.ports).toEqual([{ port: 7000, mode: 'auto', speaksFirst: true }]);
  });

  it('lead to all replicas by the name tasks.<service>, and to one by its own', async () => {
    await using context = testContext(engine);
    const resolve = async (container: string, name: string): Promise<string[]> => {
      const code = `require('node:dns').promises.resolve4(process.argv[1]).then((all) => console.log(all.join()))`;
      const { output } = await engine.exec(container, ['node', '-e', code, name], { timeoutMs: 300_000 });
      return output.trim().split(',').toSorted();
    };
    for (const version of ['1', '2']) {
      const receipt = await deployFile(context, {
        caller: caller({ depends_on: ['app'] }),
        app: program(SERVER, { PORTS: '3000', VERSION: version }, { scale: 3 }),
      });
      const containers = receipt.replicas.filter(({ service }) => service === 'app').map((one) => one.container);
      const from = receipt.replicas.find(({ service }) => service === 'caller')?.container ?? '';
      const details = await Promise.all(containers.map((name) => engine.inspectContainer(name)));
      const addresses = details.flatMap((one) => Object.values(one?.addresses ?? {}));
      expect(await resolve(from, 'tasks.app')).toEqual(addresses.toSorted());
      expect(await resolve(from, `${context.project}-app-2`)).toEqual([addresses[1]]);
      expect(await resolve(from, 'app')).toEqual(Object.values((await ingressOf(context))?.addresses ?? {}));
    }
  });
});

describeEngine('containers of a service', (engine) => {
  const LISTEN = (port: number) =>
    `require('node:net').createServer((socket) => socket.on('data', (data) => socket.end(data))).listen(${port})`;

  it.each([
    ['a worker', program('setInterval(() => undefined, 1000)'), []],
    ['a broker that keeps its messages in memory', program(LISTEN(6379)), ['app']],
    ['a database', program(LISTEN(5432), {}, { volumes: ['/data'] }), []],
    [
      'a database whose ingress is set up',
      program(LISTEN(5432), {}, { volumes: ['/data'], 'x-lobbie': { ingress: { hold_timeout: '1m' } } }),
      ['app'],
    ],
  ])('never run side by side: %s', async (_what, app, fronted) => {
    await using context = testContext(engine);
    using side = await countSideBySide(context, 'app');
    const services = (version: string) => ({
      caller: caller({ depends_on: ['app'] }),
      app: { ...app, environment: { VERSION: version } },
    });
    const first = await deployFile(context, services('1'));
    if (fronted.length > 0) {
      // A connection shows that it is not HTTP.
      const container = first.replicas.find(({ service }) => service === 'caller')?.container ?? '';
      const say = `const socket = require('node:net').connect(${/listen\((\d+)\)/.exec(JSON.stringify(app))?.[1]}, 'app');
        socket.on('data', (data) => console.log(String(data))).write('hello')`;
      const { output } = await engine.exec(container, ['node', '-e', say], { timeoutMs: 300_000 });
      expect(output.trim()).toBe('hello');
    }
    // A worker that others name keeps the ingress that its first deploy gave it.
    expect(await ingressesOf(context)).toEqual(expect.arrayContaining(fronted));
    await deployFile(context, services('2'));
    await expect.poll(() => side.counted).toEqual({ now: 1, most: 1, started: 2 });
  });
});

/** Counts the containers of a service that run at the same time, by the engine's own events. */
async function countSideBySide({ engine, project }: TestContext, service: string) {
  const label = [`${LABEL.project}=${project}`, `${LABEL.service}=${service}`, `${LABEL.role}=replica`];
  const counted = { now: 0, most: 0, started: 0 };
  const end = await listenToEngine(engine, { type: ['container'], event: ['start', 'die'], label }, ({ Action }) => {
    counted.now += Action === 'start' ? 1 : -1;
    if (Action === 'start') counted.started += 1;
    counted.most = Math.max(counted.most, counted.now);
  });
  return { counted, [Symbol.dispose]: end };
}
