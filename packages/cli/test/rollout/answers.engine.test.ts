import { expect, it } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import type { Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { aWebService } from './a-service.ts';
import { containersOf } from './containers-of.ts';
import { deployServices } from './deploy-services.ts';
import { type TestContext, testContext } from './test-context.ts';
import { INGRESS, NODE_IMAGE, START_FIRST } from './test-project.ts';

const MONITOR_MS = 2000;
const CLIENTS = { keepAlive: 4, fresh: 4, connectionClose: 2, posts: 0, pauseMs: 20 };

describeEngine('the answers of published services', (engine) => {
  it('show the 502 of a proxy in front of a service that was replaced', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    await deployServices(context, [proxy(context, port), app(context, '1')]);
    const load = await startLoad({ url: `http://127.0.0.1:${port}/`, ...CLIENTS });
    await load.pass(50);
    const receipt = await deployServices(context, [proxy(context, port), app(context, '2')]);
    const { statuses } = await load.stop();
    expect(statuses['502']).toBeGreaterThan(0);
    expect(receipt).toMatchObject({ outcome: 'deployed', requests: { services: { proxy: { rose: true } } } });
    const { before, during, after } = receipt.requests?.services?.proxy ?? {};
    expect(before).toMatchObject({ serverErrors: 0, failed: 0 });
    expect(before?.total).toBeGreaterThan(0);
    expect(during?.serverErrors).toBeGreaterThan(0);
    expect((during?.serverErrors ?? 0) + (after?.serverErrors ?? 0)).toBeLessThanOrEqual(statuses['502'] ?? 0);

    // The proxy's own ingress is made again: what the old one counted is not lost, and the new one's is no rise.
    const moved = await startLoad({ url: `http://127.0.0.1:${port}/`, ...CLIENTS });
    await moved.pass(50);
    const second = await freePort();
    const again = await deployServices(context, [proxy(context, port, second), app(context, '2')]);
    await moved.stop();
    expect(again).toMatchObject({ outcome: 'deployed' });
    const counted = again.requests?.services?.proxy;
    expect(counted?.before?.total).toBeGreaterThan(0);
    expect(counted?.before?.serverErrors).toBeLessThanOrEqual(statuses['502'] ?? 0);
    expect(counted?.during.serverErrors).toBe(0);
  });

  it('take a rollout back when too many of them are 5xx, and the old containers serve again', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    await deployServices(context, [watched(port, '1')]);
    const before = await containersOf(context);
    const load = await startLoad({ url: `http://127.0.0.1:${port}/`, ...CLIENTS });
    await load.pass(20);
    // The monitor sees enough answers, however long they take.
    const sleep: Clock['sleep'] = (ms, signal) =>
      ms === MONITOR_MS ? load.pass(200) : context.clock.sleep(ms, signal);
    const watching = { ...context, clock: { ...context.clock, sleep } };
    const receipt = await deployServices(watching, [watched(port, 'broken')]);
    await load.pass(20);
    const { statuses, bodies } = await load.stop();
    expect(receipt).toMatchObject({ outcome: 'failed-restored', error: { code: 'TOO_MANY_ERRORS' } });
    expect(receipt.error?.message).toMatch(/^Service web answered \d+ of \d+ requests .* max_error_ratio 0\.2 allows/);
    expect(await containersOf(context)).toEqual(before);
    expect(Object.keys(statuses).toSorted()).toEqual(['200', '500']);
    expect(Object.keys(bodies).toSorted()).toEqual(['1', 'broken']);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect([answer.status, await answer.text()]).toEqual([200, '1']);
    expect(await deployServices(context, [watched(port, '2')])).toMatchObject({ outcome: 'deployed' });
  });
});

/** A version that is broken passes its gate, and answers 500. */
const SERVER = `
const { VERSION } = process.env;
require('node:http').createServer((request, response) => {
  if (VERSION === 'broken') response.statusCode = 500;
  response.end(VERSION);
}).listen(3000, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

/** Asks the app for each request, and answers 502 where that does not. */
const PROXY = `
const http = require('node:http');
http.createServer((request, response) => {
  const asked = http.get('http://app:3000/', (answer) => { response.statusCode = answer.statusCode; answer.pipe(response); });
  asked.on('error', () => { response.statusCode = 502; response.end('no app'); });
}).listen(3000, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

const proxy = (_: TestContext, port: number, second?: number): Service =>
  aWebService('proxy', port, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', PROXY],
    restart: { name: 'no' },
    update: { ...START_FIRST, monitorMs: 300 },
    ports: [port, ...(second === undefined ? [] : [second])].map((published) => ({
      target: 3000,
      published,
      protocol: 'tcp',
    })),
  });

/** Without an ingress, and with data: nothing serves while it is replaced. */
const app = ({ project }: TestContext, version: string): Service =>
  aWebService('app', 0, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', SERVER],
    environment: { VERSION: version },
    restart: { name: 'no' },
    ports: [],
    mounts: [{ kind: 'volume', source: `${project}_data`, target: '/data', readOnly: false }],
    update: { parallelism: 1, delayMs: 0, monitorMs: 300, failureAction: 'rollback', maxFailureRatio: 0 },
  });

const watched = (port: number, version: string): Service =>
  aWebService('web', port, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', SERVER],
    environment: { VERSION: version },
    replicas: 2,
    restart: { name: 'no' },
    update: { ...START_FIRST, monitorMs: MONITOR_MS },
    ingress: { ...INGRESS, maxErrorRatio: 0.2, minRequests: 5 },
  });
