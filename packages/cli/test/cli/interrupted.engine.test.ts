import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/model/engine.ts';
import { describeEngine } from '../engine-available.ts';
import { proxyEngine } from './proxy-engine.ts';
import { lastJson } from './run-lobbie.ts';
import { type TestPlace, testPlace } from './test-place.ts';

/** A place with the demo deployed, and a way to the engine over which no healthcheck of a gate ever ends. */
async function deployedPlace(engine: Engine) {
  const place = testPlace(engine);
  const first = await place.lobbie('deploy --demo --json');
  expect(first.exit).toBe(0);
  const socket = join(place.path, '../engine.sock');
  const proxy = await proxyEngine(engine, socket, ({ method, path, body }) =>
    method === 'POST' && path.endsWith('/exec') && body.includes('/ready')
      ? new Promise<never>(() => undefined)
      : undefined,
  );
  const url = (lastJson(first).url as string[])[0];
  return {
    ...place,
    held: { DOCKER_HOST: `unix://${socket}` },
    serves: async () => (await fetch(`${url}/file`)).status,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

const GATING = /"type":"step-started"[^\n]*"kind":"gate-replica"/;

const present = async (place: TestPlace) => ({
  replicas: await place.containers('replica'),
  ingresses: await place.containers('ingress'),
  leases: await place.containers('lease'),
});

describeEngine('a rollout that is interrupted', (engine) => {
  let place: Awaited<ReturnType<typeof deployedPlace>>;
  beforeAll(async () => {
    place = await deployedPlace(engine);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  it.each([
    ['SIGINT', 130, 'INTERRUPTED'],
    ['SIGTERM', 143, 'TERMINATED'],
    ['SIGHUP', 143, 'TERMINATED'],
  ] as const)('while gating by %s restores what ran before and exits %i', async (signal, exit, code) => {
    const before = await present(place);
    const running = place.start('recreate --json', place.held);
    await running.seen(GATING);
    running.child.kill(signal);
    const run = await running.ended;
    expect(run).toMatchObject({ exit, stderr: '' });
    expect(lastJson(run)).toMatchObject({ type: 'receipt', outcome: 'interrupted', error: { code }, warnings: [] });
    await expect.poll(() => present(place)).toEqual(before);
    expect(await place.serves()).toBe(200);
  });

  it('twice ends at once, says that nothing was restored, and the next deploy cleans up', async () => {
    const before = await present(place);
    const running = place.start('recreate --json', place.held);
    await running.seen(GATING);
    running.child.kill('SIGINT');
    await running.seen(/"type":"undo-started"/);
    running.child.kill('SIGINT');
    const run = await running.ended;
    expect(run.exit).toBe(6);
    expect(lastJson(run)).toMatchObject({ type: 'error', code: 'LEFT_HALF_DONE', exit: 6 });
    expect(await place.serves()).toBe(200);
    expect((await place.lobbie('deploy --demo --json')).exit).toBe(0);
    await expect.poll(() => present(place)).toEqual(before);
    expect(await place.serves()).toBe(200);
  });

  it('before the first replica runs leaves nothing behind', async () => {
    await using fresh = testPlace(engine);
    const running = fresh.start('deploy --demo --json');
    await running.seen(/"type":"deploy-started"/);
    running.child.kill('SIGINT');
    const run = await running.ended;
    expect(run.exit).toBe(130);
    const last = lastJson(run);
    expect(last.type === 'error' ? last : last.error).toMatchObject({ code: 'INTERRUPTED' });
    // The engine removes the lease by itself, a moment after it has ended.
    await expect.poll(() => present(fresh)).toEqual({ replicas: [], ingresses: [], leases: [] });
    expect(await engine.inspectNetwork(`${fresh.project}_default`)).toBeUndefined();
  });
});
