import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import type { LobbieError } from '../../src/model/errors.ts';
import { realClock } from '../../src/real-clock.ts';

const KNOWN = 'a'.repeat(64);
const LISTED = 'b'.repeat(64);
const GONE = 'c'.repeat(64);
const NAMES = new Map([
  [KNOWN, 'shop-api-1-k3f9'],
  [LISTED, 'shop-api-2-k3f9'],
]);

let home = '';
let words = '';
let inspections = 0;
const server = createServer(({ method, url = '' }, response) => {
  response.setHeader('api-version', '1.47');
  const path = url.replace(/^\/v[\d.]+/, '').split('?')[0];
  const id = path?.split('/')[2] ?? '';
  if (path === '/version') response.end('{"Version":"27","ApiVersion":"1.47","Os":"linux","Arch":"amd64"}');
  else if (path === '/containers/json') {
    response.end(JSON.stringify([{ Id: LISTED, Names: ['/shop-api-2-k3f9'], State: 'running', Labels: {} }]));
  } else if (method === 'GET' && path === `/containers/${id}/json` && NAMES.has(id)) {
    inspections += 1;
    response.end(
      JSON.stringify({ Id: id, Name: `/${NAMES.get(id)}`, State: {}, Config: {}, HostConfig: {}, Mounts: [] }),
    );
  } else response.writeHead(path?.endsWith('/json') ? 404 : 500).end(JSON.stringify({ message: words }));
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 't-eng-'));
  inspections = 0;
  await new Promise<void>((resolve) => server.listen(join(home, 'engine.sock'), resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(home, { recursive: true, force: true });
});

const connect = () =>
  connectEngine({
    clock: realClock,
    env: {},
    homeDirectory: home,
    platform: 'linux',
    host: `unix://${home}/engine.sock`,
  });
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => expect.unreachable('it did not fail'),
    ({ message, details, hint }: LobbieError) => [message, ...details, hint].join('\n'),
  );

describe('an error about a container', () => {
  it.each([
    ['start', () => connect().then((engine) => engine.startContainer(KNOWN))],
    ['stop', () => connect().then((engine) => engine.stopContainer(KNOWN, 1))],
    ['rename', () => connect().then((engine) => engine.renameContainer(KNOWN, 'x'))],
    ['remove', () => connect().then((engine) => engine.removeContainer(KNOWN))],
    ['exec', () => connect().then((engine) => engine.exec(KNOWN, ['true']))],
    ['logs', () => connect().then(async (engine) => engine.logs(KNOWN, {})[Symbol.asyncIterator]().next())],
  ])('has its name, whatever was done with its id: %s', async (_what, act) => {
    words = `no runtime for ${KNOWN}`;
    const message = await messageOf(act());
    expect(message).toContain('shop-api-1-k3f9');
    expect(message).not.toMatch(/[0-9a-f]{13}/);
  });

  it('has the name that was listed, without asking again', async () => {
    words = 'no';
    const engine = await connect();
    await engine.listContainers({});
    expect(await messageOf(engine.startContainer(LISTED))).toContain('start container "shop-api-2-k3f9"');
    expect(inspections).toBe(0);
  });

  it('has the beginning of an id that nothing is known of, and leaves digests and volumes whole', async () => {
    words = `network ${GONE} of sha256:${GONE} and volume "${GONE}" is not there`;
    expect(await messageOf((await connect()).startContainer('web'))).toContain(
      `start container "web": network ${GONE.slice(0, 12)} of sha256:${GONE} and volume "${GONE}" is not there.`,
    );
  });
});
