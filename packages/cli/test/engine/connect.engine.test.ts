import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ConnectOptions, connectEngine } from '../../src/engine/connect-engine.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { describeEngine } from '../engine-available.ts';
import { runContainer, sleeper } from './test-container.ts';

describeEngine('the ways to an engine', (local) => {
  const name = sleeper('ways');
  let home = '';
  let servers: Server[] = [];
  let sockets: Socket[] = [];
  const socketPath = new URL(local.endpoint.url).pathname;
  beforeAll(() => runContainer(local, { name }));
  afterAll(() => local.removeContainer(name, { force: true }));
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 't-eng-'));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
    servers = [];
    sockets = [];
    await rm(home, { recursive: true, force: true });
  });

  /** Passes connections on to the engine's socket; gives the port. */
  const listen = async (server: Server, event = 'connection'): Promise<number> => {
    servers.push(server);
    server.on(event, (client: Socket) => {
      const upstream = connect({ path: socketPath, allowHalfOpen: true });
      sockets.push(client, upstream);
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
      client.pipe(upstream).pipe(client);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const options = (over: Partial<ConnectOptions>): ConnectOptions => ({
    clock: realClock,
    env: { PATH: process.env.PATH },
    homeDirectory: home,
    platform: process.platform,
    ...over,
  });

  /** What has to work over every way: plain calls, streams, half-close. */
  async function use(engine: Engine): Promise<void> {
    expect((await engine.inspectContainer(name))?.state).toBe('running');
    expect(await engine.exec(name, ['echo', 'hi'])).toEqual({ exitCode: 0, output: 'hi\n' });
    const stream = await engine.openExec(name, ['sh', '-c', 'cat | wc -c']);
    stream.end(Buffer.alloc(3_000_000));
    expect(await text(stream)).toBe('3000000\n');
    await engine.writeFiles(name, '/tmp', [{ kind: 'file', name: 'x', content: 'y' }]);
    expect(await engine.statFile(name, '/tmp/x')).toMatchObject({ kind: 'file' });
  }

  it('go over TCP', async () => {
    const port = await listen(createServer({ allowHalfOpen: true }));
    const engine = await connectEngine(options({ host: `tcp://127.0.0.1:${port}` }));
    expect(engine.endpoint).toEqual({ url: `tcp://127.0.0.1:${port}`, chosenBy: '--host', local: false });
    await use(engine);
    engine.close();
  });

  it('go over TLS with the certificates of DOCKER_CERT_PATH, and not without them', async () => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', join(home, 'key.pem'), '-out', join(home, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject, ...files], {
      stdio: 'ignore',
    });
    const cert = await readFile(join(home, 'cert.pem'));
    await writeFile(join(home, 'ca.pem'), cert);
    const key = await readFile(join(home, 'key.pem'));
    const server = createTlsServer({ key, cert, ca: cert, requestCert: true, allowHalfOpen: true });
    const port = await listen(server, 'secureConnection');
    const env = { DOCKER_HOST: `tcp://localhost:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: home };
    const engine = await connectEngine(options({ env }));
    expect(engine.endpoint.chosenBy).toBe('DOCKER_HOST');
    await use(engine);
    engine.close();
    await expect(connectEngine(options({ env: { ...env, DOCKER_CERT_PATH: '/nowhere' } }))).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      details: [expect.stringMatching(/certificate/)],
    });
  });

  it('go through ssh', async () => {
    // Stands in for ssh and `docker system dial-stdio` on the other side, which do the same over a network.
    const dial = `const s = require('node:net').connect({ path: '${socketPath}', allowHalfOpen: true }); process.stdin.pipe(s).pipe(process.stdout); s.on('end', () => process.stdin.destroy());`;
    await writeFile(
      join(home, 'ssh'),
      `#!/bin/sh\necho "$*" >>${home}/calls\nexec '${process.execPath}' -e "${dial}"\n`,
    );
    await chmod(join(home, 'ssh'), 0o755);
    const env = { PATH: `${home}:${process.env.PATH}` };
    const engine = await connectEngine(options({ host: 'ssh://me@there', env }));
    await use(engine);
    engine.close();
    expect(await readFile(join(home, 'calls'), 'utf8')).toContain('-l me -- there docker system dial-stdio');
  });

  it("fail through ssh with ssh's own words", async () => {
    await writeFile(join(home, 'ssh'), '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n');
    await chmod(join(home, 'ssh'), 0o755);
    await expect(connectEngine(options({ host: 'ssh://there', env: { PATH: home } }))).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      details: ['tried ssh://there (--host): Host key verification failed.'],
    });
  });

  it('end in ENGINE_UNREACHABLE when the engine goes away meanwhile', async () => {
    const server = createServer({ allowHalfOpen: true });
    const port = await listen(server);
    const engine = await connectEngine(options({ host: `tcp://127.0.0.1:${port}` }));
    const waiting = engine.exec(name, ['sleep', '30']);
    const stream = await engine.openExec(name, ['cat']);
    const reading = engine.logs(name, { follow: true })[Symbol.asyncIterator]().next();
    const settled = Promise.allSettled([waiting, reading]);
    const closing = once(stream, 'close');
    stream.on('error', () => undefined).resume();
    await expect.poll(() => sockets.length).toBeGreaterThanOrEqual(6);
    server.close();
    for (const socket of sockets) socket.destroy();
    await settled;
    await expect(waiting).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    await expect(reading).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    await closing;
    await expect(engine.listAllContainers()).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringContaining(`tcp://127.0.0.1:${port}`),
    });
    engine.close();
  });

  it('end within seconds at an engine that accepts and never answers', async () => {
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(connectEngine(options({ host: `tcp://127.0.0.1:${port}` }))).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      details: [expect.stringContaining('no answer within 10 s')],
    });
  });

  it('let the process end by itself once they are closed', async () => {
    const script = `
      import { connectEngine } from '${new URL('../../src/engine/connect-engine.ts', import.meta.url)}';
      import { realClock } from '${new URL('../../src/real-clock.ts', import.meta.url)}';
      const engine = await connectEngine({ clock: realClock, host: '${local.endpoint.url}', env: {}, homeDirectory: '/', platform: process.platform });
      await engine.listAllContainers();
      engine.close();
    `;
    const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      // A guard against hanging.
      timeout: 300_000,
    });
    expect(stderr).not.toContain('Error');
  });
});
