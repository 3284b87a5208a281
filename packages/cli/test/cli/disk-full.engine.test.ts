import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { type Instead, proxyEngine } from './proxy-engine.ts';
import { lastJson } from './run-lobbie.ts';
import { testPlace } from './test-place.ts';

const FULL = { status: 500, message: 'write /var/lib/docker/tmp/x: no space left on device' };

/** The engine has room for all but these calls. */
const CALLS: readonly [string, Instead][] = [
  [
    'a container',
    ({ method, path, body }) =>
      method === 'POST' && path === '/containers/create' && body.includes('"replica"') ? FULL : undefined,
  ],
  ['a file', ({ method, path }) => (method === 'PUT' && path.endsWith('/archive') ? FULL : undefined)],
  ['an image', ({ method, path }) => (method === 'POST' && path === '/build' ? FULL : undefined)],
];

describeEngine('a disk that is full', (engine) => {
  it.each(CALLS)('is told with what to free when there is no room for %s', async (_, instead) => {
    await using place = testPlace(engine);
    const socket = join(place.path, '../engine.sock');
    await using _proxy = await proxyEngine(engine, socket, instead);
    const env = { DOCKER_HOST: `unix://${socket}` };
    const { exit, stderr } = await place.lobbie('deploy --demo', env);
    expect(stderr).toMatch(/^x Could not (create|write|build) .+: no space left on the engine's disk\.$/m);
    expect(stderr).toMatch(
      /^ {2}-> See what uses the space: docker system df\n {5}Remove unused data: docker system prune /m,
    );
    expect(exit).toBe(5);
    const last = lastJson(await place.lobbie('deploy --demo --json', env));
    expect(last.type === 'error' ? last : last.error).toMatchObject({ code: 'DISK_FULL' });
    expect([...(await place.containers('replica')), ...(await place.containers('ingress'))]).toEqual([]);
  });
});
