import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';

const PAGE =
  '<!DOCTYPE html>\n<html><head><style>body { color: red }</style><title>Welcome to\n nginx!</title></head><body><h1>Hi</h1></body></html>';
const TITLE = 'an HTML page: "Welcome to nginx!".';

let home = '';
let servers: { close(): unknown }[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 't-eng-'));
});
afterEach(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(home, { recursive: true, force: true });
});

async function listen(answer: RequestListener): Promise<string> {
  const socket = join(home, 'engine.sock');
  const server: Server = createServer(answer);
  servers.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  await once(server.listen(socket), 'listening');
  return `unix://${socket}`;
}

const connect = (host: string): Promise<Engine> =>
  connectEngine({ clock: realClock, env: {}, homeDirectory: home, platform: 'linux', host });

const failure = (
  promise: Promise<unknown>,
): Promise<{ message: string; hint: string; details: string[]; code: string }> =>
  promise.then(
    () => expect.unreachable('it did not fail'),
    (error) => error,
  );

describe('an address where no engine answers', () => {
  const asked = async (status: number, body: string, type: string) => {
    const host = await listen((_request, response) => response.writeHead(status, { 'content-type': type }).end(body));
    return { host, error: await failure(connect(host)) };
  };

  it.each([
    [200, PAGE, 'text/html', `status 200 with ${TITLE}`, /Check the address \(--host\)/],
    [
      502,
      PAGE.replace('Welcome to\n nginx!', '502 Bad Gateway'),
      'text/html',
      'an HTML page: "502 Bad Gateway".',
      /engine behind it/,
    ],
    [502, 'Bad Gateway\n', 'text/plain', 'status 502 with text that is not JSON: "Bad Gateway".', /engine behind it/],
    [504, '', 'text/plain', 'status 504 with no explanation.', /engine behind it/],
    [
      400,
      '400 Bad Request: nonsense',
      'text/plain',
      'status 400 with text that is not JSON: "400 Bad Request: nonsense".',
      /Check the address/,
    ],
    [
      400,
      'Client sent an HTTP request to an HTTPS server.\n',
      'text/plain',
      'to an HTTPS server".',
      /DOCKER_TLS_VERIFY=1/,
    ],
    [
      400,
      '<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>',
      'text/html',
      'HTTPS port".',
      /DOCKER_TLS_VERIFY/,
    ],
    [
      403,
      '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>',
      'text/html',
      '"403 Forbidden Request forbidden by administrative rules".',
      /It refuses lobbie/,
    ],
    [407, 'Proxy Authentication Required', 'text/plain', 'status 407', /It refuses lobbie/],
    [404, '404 page not found', 'text/plain', 'status 404', /Check the address/],
    [200, 'OK', 'text/plain', 'text that is not JSON: "OK".', /Check the address/],
    [200, '{"hello":"world"}', 'application/json', 'not a Docker Engine', /Check the address/],
    [200, 'null', 'application/json', 'not a Docker Engine', /Check the address/],
    [200, '[]', 'application/json', 'not a Docker Engine', /Check the address/],
  ])('is told for %i %j (%s)', async (status, body, type, words, hint) => {
    const { host, error } = await asked(status, body, type);
    expect(error).toMatchObject({ code: 'NOT_AN_ENGINE', details: ['chosen by: --host'] });
    expect(error.message).toContain(`Could not ask for its version: the server at ${host} is not a Docker Engine`);
    expect(error.message).toContain(words);
    expect(error.hint).toMatch(hint);
    expect(`${error.message} ${error.hint}`).not.toMatch(/<|\n|Start it|Install Docker|Unexpected/);
  });

  it('is told in one line however long the answer is', async () => {
    const { error } = await asked(502, `<p>${'<b>long</b> words '.repeat(100_000)}`, 'text/html');
    expect(error.message).toMatch(/an HTML page: "(?:long words )+(?:long )?(?:long|words)…"\.$/);
    expect(error.message.length).toBeLessThan(500);
  });

  it('is told where it does not speak HTTP', async () => {
    const socket = join(home, 'ssh.sock');
    const server = createTcpServer((connection) => connection.end('SSH-2.0-OpenSSH_9.2\r\n'));
    servers.push(server);
    await once(server.listen(socket), 'listening');
    expect(await failure(connect(`unix://${socket}`))).toMatchObject({
      code: 'NOT_AN_ENGINE',
      message: `Could not ask for its version: the server at unix://${socket} is not a Docker Engine: it does not speak HTTP.`,
    });
  });

  it.each([
    ['client version 1.41 is too new. Maximum supported API version is 1.24', 'knows the API up to 1.24;'],
    ['client is newer than server (client API version: 1.41, server API version: 1.18)', 'knows the API up to 1.18;'],
  ])('is too old where it says so: %s', async (words, message) => {
    for (const body of [JSON.stringify({ message: words }), `${words}\n`]) {
      const { error, host } = await asked(400, body, 'text/plain');
      await Promise.all(servers.splice(0).map((server) => server.close()));
      expect(error).toMatchObject({
        code: 'ENGINE_TOO_OLD',
        message: `The engine at ${host} ${message} lobbie needs 20.10 (API 1.41) or newer.`,
        hint: 'Upgrade Docker: https://docs.docker.com/engine/install/',
      });
    }
  });

  it('is too old where it names no version of its API', async () => {
    const { error, host } = await asked(200, '{"Version":"0.9.1","GoVersion":"go1.2"}', 'application/json');
    expect(error).toMatchObject({
      code: 'ENGINE_TOO_OLD',
      message: `The engine at ${host} is Docker 0.9.1 (without a version of its API); lobbie needs 20.10 (API 1.41) or newer.`,
    });
  });
});

describe('an engine behind a proxy that answers itself', () => {
  const VERSION = { Version: '27.0.0', ApiVersion: '1.47', MinAPIVersion: '1.24', Os: 'linux', Arch: 'amd64' };
  const signal = new AbortController().signal;
  const ignore = (): void => {};
  const all = async (values: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of values);
  };
  const build = async (engine: Engine): Promise<void> => {
    await writeFile(join(home, 'Dockerfile'), 'FROM scratch\n');
    await engine.buildImage({ context: home, dockerfile: 'Dockerfile', args: {}, tags: ['t-x'] }, ignore, signal);
  };

  const CALLS: readonly (readonly [string, (engine: Engine) => Promise<unknown>])[] = [
    ['build image', build],
    ['pull', (engine) => engine.pullImage('t-x:1', ignore, signal)],
    ['import', (engine) => engine.importEmptyImage('t-x:1')],
    ['events', (engine) => all(engine.events({}, signal))],
    ['stats', (engine) => engine.stats('c')],
    ['logs', (engine) => all(engine.logs('c', {}))],
    ['wait', (engine) => engine.waitContainer('c', signal)],
    ['files', (engine) => all(engine.readFiles('c', '/x', { mostBytes: 1 }))],
    ['exec', (engine) => engine.exec('c', ['true'])],
    ['open exec', (engine) => engine.openExec('c', ['true'])],
    ['attach', (engine) => engine.attach('c')],
    ['list', (engine) => engine.listContainers({})],
    ['inspect', (engine) => engine.inspectContainer('c')],
    ['start', (engine) => engine.startContainer('c')],
    ['info', (engine) => engine.info()],
  ];

  it.each(CALLS)('is told from the engine: %s', async (_name, call) => {
    for (const [status, type, body, words] of [
      [200, 'text/html; charset=utf-8', PAGE, TITLE],
      [502, 'text/html', PAGE, `status 502 with ${TITLE}`],
      [503, 'text/plain', 'no server', 'status 503 with text that is not JSON: "no server".'],
      [404, 'text/html', PAGE, `status 404 with ${TITLE}`],
    ] as const) {
      const host = await listen(({ url = '' }, response) => {
        if (url.endsWith('/version')) response.end(JSON.stringify(VERSION));
        else response.writeHead(status, { 'content-type': type }).end(body);
      });
      const engine = await connect(host);
      const error = await failure(call(engine));
      engine.close();
      for (const server of servers.splice(0)) server.close();
      await rm(join(home, 'engine.sock'), { force: true });
      expect(error).toMatchObject({ code: 'NOT_AN_ENGINE', details: ['chosen by: --host'] });
      expect(error.message).toMatch(/^Could not /);
      expect(error.message).toContain(`the server at ${host} is not a Docker Engine`);
      expect(error.message).toContain(words);
    }
  });

  it('is told where the first line of a build is one, whatever type it has', async () => {
    const host = await listen(({ url = '' }, response) => {
      if (url.endsWith('/version')) response.end(JSON.stringify(VERSION));
      else response.writeHead(200, { 'content-type': 'application/json' }).end(PAGE);
    });
    const engine = await connect(host);
    expect(await failure(build(engine))).toMatchObject({ code: 'NOT_AN_ENGINE' });
    expect(await failure(engine.waitContainer('c', signal))).toMatchObject({ code: 'NOT_AN_ENGINE' });
    engine.close();
  });

  it('is not, where an engine passes on what a container has written', async () => {
    const host = await listen(({ url = '' }, response) => {
      response.setHeader('api-version', '1.47');
      if (url.endsWith('/version')) response.end(JSON.stringify(VERSION));
      else if (url.includes('/logs')) response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      else response.end(JSON.stringify({ Id: 'c', Config: { Tty: true } }));
    });
    const engine = await connect(host);
    await expect(all(engine.logs('c', {}))).resolves.toBeUndefined();
    engine.close();
  });

  it.each(CALLS)('is gone where the connection closes in the middle of the answer: %s', async (_name, call) => {
    const host = await listen(({ url = '' }, response) => {
      if (url.endsWith('/version')) return response.end(JSON.stringify(VERSION));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"Id":', () => response.destroy());
    });
    const engine = await connect(host);
    expect(await failure(call(engine))).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    engine.close();
  });

  it('is gone, and nothing else, where it goes away in the middle of a line', async () => {
    const host = await listen(({ url = '' }, response) => {
      if (url.endsWith('/version')) response.end(JSON.stringify(VERSION));
      else response.end('{"stream":"hal');
    });
    const engine = await connect(host);
    expect(await failure(build(engine))).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    engine.close();
  });
});
