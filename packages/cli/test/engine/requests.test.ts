import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import { engineModem } from '../../src/engine/engine-modem.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { versionOf } from '../cli/scripted-socket.ts';

const { signal } = new AbortController();
const ignore = (): void => {};

let home = '';
let server: Server | undefined;
let asked: { readonly method: string; readonly url: string; readonly body: string }[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 't-eng-'));
  asked = [];
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(home, { recursive: true, force: true });
});

/** Calls an engine that answers like this, over a socket or over TCP. */
async function call<T>(
  over: 'socket' | 'TCP',
  answer: RequestListener,
  act: (engine: Engine) => Promise<T>,
): Promise<T> {
  server = createServer(versionOf('1.51', answer));
  if (over === 'socket') server.listen(join(home, 's'));
  else server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host =
    over === 'socket' ? `unix://${join(home, 's')}` : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine = await connectEngine({ clock: realClock, env: {}, homeDirectory: home, platform: 'linux', host });
  try {
    return await act(engine);
  } finally {
    engine.close();
  }
}

const note = async (request: IncomingMessage): Promise<void> => {
  const { method = '', url = '' } = request;
  asked.push({ method, url: url.replace(/\?$/, ''), body: await text(request) });
};

const accept: RequestListener = async (request, response) => {
  await note(request);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ Id: 'abc', Name: 'x' }));
};

describe.each(['socket', 'TCP'] as const)('a name in a path, over a %s', (over) => {
  it.each<[string, (engine: Engine) => Promise<unknown>, string]>([
    ['of a network', (engine) => engine.removeNetwork('a/b?c#d e'), 'DELETE /v1.41/networks/a%2Fb%3Fc%23d%20e'],
    ['of a volume', (engine) => engine.removeVolume('../x'), 'DELETE /v1.41/volumes/..%2Fx'],
    ['of a container', (engine) => engine.startContainer('a?force=1'), 'POST /v1.41/containers/a%3Fforce%3D1/start'],
    [
      'of an image',
      (engine) => engine.removeImage('box:5000/team/app@sha256:1?force=1'),
      'DELETE /v1.41/images/box:5000/team/app@sha256:1%3Fforce%3D1',
    ],
  ])('is sent as a name, whatever is in it: %s', async (_what, act, line) => {
    await call(over, accept, act);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([line]);
  });

  const NOBODYS = ['', '.', '..'];

  it.each<[string, (engine: Engine, name: string) => Promise<unknown>, readonly string[]]>([
    ['a container', (engine, name) => engine.removeContainer(name, { force: true }), NOBODYS],
    ['a network', (engine, name) => engine.removeNetwork(name), NOBODYS],
    ['a volume', (engine, name) => engine.removeVolume(name), NOBODYS],
    ['an image', (engine, name) => engine.removeImage(name), [...NOBODYS, '../containers/x', 'a//b', './x']],
    ['a file', (engine, name) => engine.statFile(name, '/x'), NOBODYS],
  ])('is refused where it would lead elsewhere: %s', async (_what, act, names) => {
    for (const name of names) {
      await expect(call(over, accept, (engine) => act(engine, name))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      server?.close();
    }
    expect(asked).toEqual([]);
  });

  it.each<[string, (engine: Engine, name: string) => Promise<unknown>]>([
    ['container', (engine, name) => engine.inspectContainer(name)],
    ['network', (engine, name) => engine.inspectNetwork(name)],
    ['volume', (engine, name) => engine.inspectVolume(name)],
    ['image', (engine, name) => engine.inspectImage(name)],
  ])('finds no %s where none can have it', async (_what, inspect) => {
    for (const name of NOBODYS) {
      expect(await call(over, accept, (engine) => inspect(engine, name))).toBeUndefined();
      server?.close();
    }
    expect(asked).toEqual([]);
  });
});

describe('a request', () => {
  const spec: ContainerSpec = {
    name: 'web-1',
    image: 'web',
    labels: { note: 'geheim' },
    networks: [],
    environment: { TOKEN: 'geheim' },
  };

  it.each<[string, (engine: Engine) => Promise<unknown>, string]>([
    ['a container', (engine) => engine.createContainer(spec), '/v1.41/containers/create?name=web-1'],
    [
      'a volume',
      (engine) => engine.createVolume({ name: 'v', labels: {}, driverOpts: { o: 'password=geheim' } }),
      '/v1.41/volumes/create',
    ],
    [
      'a network',
      (engine) => engine.createNetwork({ name: 'n', labels: {}, driverOpts: { key: 'geheim' } }),
      '/v1.41/networks/create',
    ],
    ['a program in a container', (engine) => engine.openExec('c', ['x', 'geheim']), '/v1.41/containers/c/exec'],
  ])(
    'to create %s has its settings in the body alone: the engine and proxies log addresses',
    async (_what, act, url) => {
      await call('TCP', accept, (engine) => act(engine).catch(ignore));
      expect(asked[0]).toMatchObject({ url, body: expect.stringContaining('geheim') });
      expect(asked.map((one) => one.url).join(' ')).not.toContain('geheim');
    },
  );

  it('leaves out what is not set', async () => {
    await call('socket', accept, (engine) => engine.pullImage('web:1', ignore, signal));
    expect(asked[0]?.url).toBe('/v1.41/images/create?fromImage=web&tag=1');
  });

  it('is sent to the engine that was chosen, whatever DOCKER_HOST and its siblings say', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      DOCKER_HOST: 'foo bar',
      DOCKER_CERT_PATH: join(home, 'none'),
      DOCKER_TLS_VERIFY: '1',
      DOCKER_PATH_PREFIX: '/elsewhere',
      DOCKER_CLIENT_TIMEOUT: '1',
    });
    try {
      await call('TCP', accept, (engine) => engine.startContainer('c'));
      process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
      server?.close();
      await call('TCP', accept, (engine) => engine.startContainer('c'));
    } finally {
      process.env = before;
    }
    expect(asked.map(({ url }) => url)).toEqual(['/v1.41/containers/c/start', '/v1.41/containers/c/start']);
  });
});

describe('a request that cannot be made', () => {
  it.each([
    ['over a socket', { socketPath: '/nowhere.sock' }],
    ['over TCP', { host: '127.0.0.1', port: 1 }],
  ])('fails, and nothing else: %s', async (_over, options) => {
    const modem = engineModem({ protocol: 'http', ...options, headers: { 'x-note': 'two\nlines' } });
    const failure = new Promise((_, reject) => {
      modem.dial({ path: '/info', method: 'GET' }, (error) => reject(error));
    });
    await expect(failure).rejects.toThrow(/header/);
  });
});

describe('a connection that is handed over', () => {
  it('is not the answer where none was asked for', async () => {
    const shutdown = new AbortController();
    const host = join(home, 's');
    server = createServer(versionOf('1.51', ignore)).on('connection', (socket) => {
      socket.on('data', (data) => {
        if (data.toString().includes('/info'))
          socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      });
      shutdown.signal.addEventListener('abort', () => socket.destroy());
    });
    await once(server.listen(host), 'listening');
    const engine = await connectEngine({
      clock: realClock,
      env: {},
      homeDirectory: home,
      platform: 'linux',
      host: `unix://${host}`,
    });
    await expect(engine.info()).rejects.toMatchObject({ code: 'NOT_AN_ENGINE' });
    engine.close();
    shutdown.abort();
  });
});

describe.each(['socket', 'TCP'] as const)('a redirect, over a %s', (over) => {
  it.each([
    ['to a path', 301, '/login'],
    ['to another server', 302, 'https://login.example/?to=engine'],
    ['to the same again', 307, ''],
    ['to nonsense', 308, 'http://['],
  ])('%s is not followed', async (_where, status, location) => {
    const redirect: RequestListener = async (request, response) => {
      await note(request);
      response.writeHead(status, { location: location || (request.url ?? '') }).end();
    };
    const stop = call(over, redirect, (engine) => engine.stopContainer('c', 1000));
    await expect(stop).rejects.toMatchObject({
      code: 'NOT_AN_ENGINE',
      message: expect.stringContaining(`It sent status ${status} with a redirect to another address.`),
    });
    expect(asked).toHaveLength(1);
  });
});
