import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseEndpoint, defaultCandidates } from '../../src/engine/choose-endpoint.ts';
import { connectEngine, negotiate } from '../../src/engine/connect-engine.ts';
import type { HostEnvironment } from '../../src/engine/docker-config.ts';
import { openDocker } from '../../src/engine/open-docker.ts';
import { sshArguments } from '../../src/engine/ssh-connection.ts';
import { realClock } from '../../src/real-clock.ts';

let home = '';
let surroundings: HostEnvironment;
let servers: Server[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 't-eng-'));
  surroundings = { env: {}, homeDirectory: home, platform: 'linux' };
});
afterEach(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(home, { recursive: true, force: true });
});

const put = async (path: string, content: string | object): Promise<void> => {
  await mkdir(join(home, path, '..'), { recursive: true });
  await writeFile(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const putContext = (name: string, endpoint: object): Promise<void> =>
  put(`.docker/contexts/meta/${idOf(name)}/meta.json`, { Name: name, Endpoints: { docker: endpoint } });
const never = (): never => {
  throw new Error('No address was chosen.');
};
const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const withEnv = (env: Record<string, string>): HostEnvironment => ({ ...surroundings, env });

/** Listens on a socket in the home directory and answers everything alike; gives the socket. */
async function listen(name: string, status: number, body: object): Promise<string> {
  const socket = join(home, name);
  const server = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return socket;
}

/** Root may open everything: until this is disposed of, the process is another user. */
function asAnyUser(): Disposable {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  return { [Symbol.dispose]: () => isRoot && process.seteuid?.(0) };
}

describe('an engine behind TLS', { timeout: 120_000 }, () => {
  it('is spoken to without a look at its certificate where its context says SkipTLSVerify', async () => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(home, name));
    const curve = ['-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const subject = ['-subj', '/CN=elsewhere', '-keyout', key ?? '', '-out', cert ?? ''];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', ...curve, '-nodes', '-days', '1', ...subject], {
      stdio: 'ignore',
    });
    const engine = { Version: '28.5.0', ApiVersion: '1.51', MinAPIVersion: '1.24', Os: 'linux', Arch: 'amd64' };
    const server = createTlsServer(
      { key: await readFile(key ?? ''), cert: await readFile(cert ?? '') },
      (_request, response) => response.end(JSON.stringify(engine)),
    );
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const Host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await putContext('trusting', { Host, SkipTLSVerify: true });
    await putContext('wary', { Host: Host.replace('tcp:', 'https:') });
    const connected = await connectEngine({ clock: realClock, ...surroundings, context: 'trusting' });
    expect(connected.endpoint).toMatchObject({ url: Host, chosenBy: '--context trusting' });
    connected.close();
    await expect(connectEngine({ clock: realClock, ...surroundings, context: 'wary' })).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      details: [expect.stringMatching(/certificate/)],
    });
  });
});

describe('the engine that is chosen', () => {
  const chosen = async (choice: object, env: Record<string, string> = {}): Promise<string[]> =>
    (await chooseEndpoint(choice, withEnv(env))).map(({ url, chosenBy }) => `${url} ${chosenBy}`);

  it('follows the order of the docker CLI', async () => {
    for (const name of ['flag', 'env', 'current']) await putContext(name, { Host: `tcp://${name}:1` });
    await put('.docker/config.json', { currentContext: 'current' });
    const env = { DOCKER_HOST: 'tcp://host-env:1', DOCKER_CONTEXT: 'env' };
    expect(await chosen({ host: 'tcp://host-flag:1' }, env)).toEqual(['tcp://host-flag:1 --host']);
    expect(await chosen({ context: 'flag' }, env)).toEqual(['tcp://flag:1 --context flag']);
    expect(await chosen({}, env)).toEqual(['tcp://host-env:1 DOCKER_HOST']);
    expect(await chosen({}, { DOCKER_CONTEXT: 'env' })).toEqual(['tcp://env:1 DOCKER_CONTEXT env']);
    expect(await chosen({})).toEqual(['tcp://current:1 context "current"']);
  });

  it('falls to the sockets of Docker itself, in order', async () => {
    const at = (platform: NodeJS.Platform) =>
      defaultCandidates({ env: { XDG_RUNTIME_DIR: '/run/user/7' }, homeDirectory: '/home/me', platform }).map(
        ({ url }) => url,
      );
    expect(at('linux')).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      'unix:///home/me/.docker/run/docker.sock',
      'unix:///home/me/.docker/desktop/docker.sock',
    ]);
    expect(at('darwin')[0]).toBe('unix:///var/run/docker.sock');
    expect(at('win32')).toEqual(['npipe:////./pipe/docker_engine']);
  });

  it('takes the context "default" for the default sockets', async () => {
    expect((await chosen({ context: 'default' }))[0]).toBe('unix:///var/run/docker.sock default');
    await put('.docker/config.json', { currentContext: 'default' });
    expect((await chosen({}))[0]).toBe('unix:///var/run/docker.sock default');
  });

  it('reads DOCKER_CONFIG in place of ~/.docker', async () => {
    await put('elsewhere/config.json', { currentContext: 'x' });
    await put(`elsewhere/contexts/meta/${idOf('x')}/meta.json`, { Endpoints: { docker: { Host: 'tcp://there:1' } } });
    expect(await chosen({}, { DOCKER_CONFIG: join(home, 'elsewhere') })).toEqual(['tcp://there:1 context "x"']);
  });

  it('is local over a socket only', async () => {
    const local = async (host: string) => (await chooseEndpoint({ host }, surroundings))[0]?.local;
    expect(await local('unix:///x.sock')).toBe(true);
    expect(await local('npipe:////./pipe/x')).toBe(true);
    expect(await local('tcp://localhost:2375')).toBe(false);
    expect(await local('ssh://me@there')).toBe(false);
  });

  it('is a pipe of Windows under the path that Node knows it by', async () => {
    for (const host of ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/dockerDesktopLinuxEngine']) {
      const [candidate] = await chooseEndpoint({}, withEnv({ DOCKER_HOST: host }));
      expect(candidate).toMatchObject({ url: host, chosenBy: 'DOCKER_HOST', local: true });
      const { docker, close } = await openDocker(candidate ?? never(), surroundings);
      expect(docker().modem).toMatchObject({ socketPath: host.replace('npipe://', '') });
      close();
    }
  });

  it('takes an address without a scheme for TCP', async () => {
    expect(await chosen({ host: 'there:2375' })).toEqual(['tcp://there:2375 --host']);
  });

  it('is trusted by the certificates of the context or of DOCKER_CERT_PATH', async () => {
    await putContext('secure', { Host: 'tcp://there:2376', SkipTLSVerify: true });
    for (const name of ['ca', 'cert', 'key']) {
      await put(`.docker/contexts/tls/${idOf('secure')}/docker/${name}.pem`, `context ${name}`);
      await put(`certs/${name}.pem`, `env ${name}`);
    }
    const [context] = await chooseEndpoint({ context: 'secure' }, surroundings);
    expect(context?.tls).toMatchObject({ ca: Buffer.from('context ca'), rejectUnauthorized: false });
    const env = { DOCKER_HOST: 'tcp://there:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(home, 'certs') };
    const [host] = await chooseEndpoint({}, withEnv(env));
    expect(host?.tls).toMatchObject({ key: Buffer.from('env key'), rejectUnauthorized: true });
    expect((await chooseEndpoint({ host: 'tcp://there:2375' }, surroundings))[0]?.tls).toBeUndefined();
  });

  it.each([
    [true, { rejectUnauthorized: false }],
    [false, undefined],
  ])('takes TLS from a context without certificates where SkipTLSVerify is %j', async (SkipTLSVerify, tls) => {
    await putContext('bare', { Host: 'tcp://there:2376', SkipTLSVerify });
    expect(await chooseEndpoint({ context: 'bare' }, surroundings)).toEqual([
      { url: 'tcp://there:2376', chosenBy: '--context bare', local: false, tls },
    ]);
  });

  it.each([
    [{ host: 'a', context: 'b' }, {}, { code: 'USAGE', message: '--host and --context select two engines.' }],
    [{ host: 'gopher://x' }, {}, { code: 'USAGE', message: expect.stringContaining('got "gopher://x"') }],
    [
      {},
      { DOCKER_HOST: 'unix//x y' },
      { code: 'USAGE', message: expect.stringMatching(/^DOCKER_HOST: expected an address/) },
    ],
    [
      { context: 'none' },
      {},
      { code: 'INVALID_INPUT', message: expect.stringContaining('no docker context named "none"') },
    ],
  ])('is refused for %j %j', async (choice, env, error) => {
    await expect(chooseEndpoint(choice, withEnv(env))).rejects.toMatchObject(error);
  });

  it('names the file that is not JSON', async () => {
    await put('.docker/config.json', '{');
    await expect(chooseEndpoint({}, surroundings)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(join(home, '.docker/config.json')),
    });
  });
});

describe('an engine that cannot be used', () => {
  const connect = (host: string, env: Record<string, string> = {}) =>
    connectEngine({ clock: realClock, ...withEnv(env), host });

  it('is told with what was tried, why, and how to start one', async () => {
    const refused = join(home, 'dead.sock');
    await writeFile(refused, '');
    await expect(connect(`unix://${home}/none.sock`)).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      details: [`tried unix://${home}/none.sock (--host): does not exist`],
      hint: expect.stringMatching(/Install Docker|Start it/),
    });
    await expect(connect(`unix://${refused}`)).rejects.toMatchObject({
      details: [`tried unix://${refused} (--host): connection refused`],
    });
    await expect(connect('tcp://127.0.0.1:1')).rejects.toMatchObject({
      details: ['tried tcp://127.0.0.1:1 (--host): connection refused'],
      hint: expect.stringContaining('docker -H tcp://127.0.0.1:1 version'),
    });
  });

  it('makes lobbie name the sockets of other engines, and use none of them', async () => {
    await mkdir(join(home, '.colima/default'), { recursive: true });
    await mkdir(join(home, '.orbstack/run'), { recursive: true });
    const socket = await listen('.colima/default/docker.sock', 200, { ApiVersion: '1.47', Version: '27' });
    await listen('.orbstack/run/docker.sock', 200, { ApiVersion: '1.47', Version: '27' });
    await expect(connect(`unix://${home}/none.sock`)).rejects.toMatchObject({
      details: [
        expect.stringContaining('tried'),
        `Colima listens at ${socket}: lobbie -H unix://${socket} … uses it`,
        expect.stringContaining('OrbStack listens at'),
      ],
    });
  });

  it.each([
    ['darwin', /Docker Desktop/],
    ['win32', /Docker Desktop/],
    ['linux', /Install Docker|systemctl start docker|service docker start/],
  ] as const)('is told on %s with what to do there', async (platform, hint) => {
    const options = { clock: realClock, env: {}, homeDirectory: home, platform, host: `unix://${home}/none.sock` };
    await expect(connectEngine(options)).rejects.toMatchObject({ hint: expect.stringMatching(hint) });
  });

  it('names the sockets of other engines that are there, and does not send anybody to Podman', async () => {
    await put('podman/podman.sock', '');
    await put('.colima/default/docker.sock', '');
    await expect(connect(`unix://${home}/none.sock`, { XDG_RUNTIME_DIR: home })).rejects.toMatchObject({
      details: expect.arrayContaining([
        `Podman listens at ${home}/podman/podman.sock, which lobbie does not support yet`,
        `Colima listens at ${home}/.colima/default/docker.sock: lobbie -H unix://${home}/.colima/default/docker.sock … uses it`,
      ]),
    });
  });

  it("points at npm start in lobbie's own repository", async () => {
    await put('package.json', { name: 'lobbie-workspace' });
    await expect(connect(`unix://${home}/none.sock`, { PWD: home })).rejects.toMatchObject({
      hint: expect.stringContaining('npm start'),
    });
  });

  it('is a matter of permission when the socket may not be opened', async () => {
    const socket = await listen('closed.sock', 200, {});
    await chmod(socket, 0);
    using _user = asAnyUser();
    await expect(connect(`unix://${socket}`)).rejects.toMatchObject({
      code: 'ENGINE_PERMISSION',
      hint: expect.stringContaining('usermod -aG docker'),
    });
  });

  it('is too old below API 1.41', async () => {
    const socket = await listen('old.sock', 200, {
      Version: '19.03.15',
      ApiVersion: '1.40',
      Os: 'linux',
      Arch: 'amd64',
    });
    await expect(connect(`unix://${socket}`)).rejects.toMatchObject({
      code: 'ENGINE_TOO_OLD',
      message: `The engine at unix://${socket} is Docker 19.03.15 (API 1.40); lobbie needs 20.10 (API 1.41) or newer.`,
    });
  });

  it('is not supported where it is Podman, whatever versions it names', async () => {
    // As Podman 4.3.1 answers, but for what nobody reads.
    const socket = await listen('podman.sock', 200, {
      Platform: { Name: 'linux/amd64/debian-12' },
      Components: [
        { Name: 'Podman Engine', Version: '4.3.1', Details: { APIVersion: '4.3.1', MinAPIVersion: '4.0.0' } },
        { Name: 'Conmon', Version: 'conmon version 2.1.6, commit: unknown' },
      ],
      Version: '4.3.1',
      ApiVersion: '1.41',
      MinAPIVersion: '1.24',
      Os: 'linux',
      Arch: 'amd64',
    });
    const failure = connect(`unix://${socket}`);
    await expect(failure).rejects.toMatchObject({
      code: 'ENGINE_UNSUPPORTED',
      message: `The engine at unix://${socket} is Podman 4.3.1, which lobbie does not support yet: it needs a Docker Engine.`,
      hint: expect.stringContaining('--host'),
    });
  });

  it('is not supported where it runs Windows containers', async () => {
    const socket = await listen('windows.sock', 200, {
      Components: [{ Name: 'Engine', Version: '28.5.2' }],
      Version: '28.5.2',
      ApiVersion: '1.51',
      MinAPIVersion: '1.24',
      Os: 'windows',
      Arch: 'amd64',
    });
    await expect(connect(`unix://${socket}`)).rejects.toMatchObject({
      code: 'ENGINE_UNSUPPORTED',
      message: expect.stringContaining('Windows containers'),
      hint: expect.stringContaining('Linux containers'),
    });
  });

  it("is taken for Docker's where it names what it consists of", async () => {
    const docker = { Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24', Os: 'linux', Arch: 'amd64' };
    const components = [{ Name: 'Engine', Version: '28.5.2' }, { Name: 'containerd' }, { Name: 'runc' }];
    for (const Components of [components, null, undefined]) {
      const socket = await listen(`docker-${String(Components?.length ?? Components)}.sock`, 200, {
        ...docker,
        Components,
      });
      (await connect(`unix://${socket}`)).close();
    }
  });

  it('is one that answers with an error', async () => {
    const socket = await listen('broken.sock', 500, { message: 'out of order' });
    await expect(connect(`unix://${socket}`)).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      details: [expect.stringContaining('out of order')],
    });
  });
});

describe('the API version that is spoken', () => {
  const speak = (ApiVersion: string, MinAPIVersion?: string): string =>
    negotiate(
      { Version: 'x', ApiVersion, Os: 'linux', Arch: 'amd64', ...(MinAPIVersion && { MinAPIVersion }) },
      { url: 'unix:///x', chosenBy: 'test', local: true },
    );

  it('is the oldest that both know', () => {
    expect(speak('1.41', '1.12')).toBe('1.41');
    expect(speak('1.51', '1.24')).toBe('1.41');
    expect(speak('1.52', '1.44')).toBe('1.44');
    expect(speak('1.47')).toBe('1.41');
  });
});

describe('ssh', () => {
  const args = (url: string, over: Partial<HostEnvironment> = {}): string =>
    sshArguments(new URL(url), { env: {}, homeDirectory: '/home/me', platform: 'linux', ...over }).join(' ');

  it('dials the engine on the other side over one shared connection, without asking for a password', () => {
    expect(args('ssh://me@there:2222')).toBe(
      '-o ConnectTimeout=10 -o BatchMode=yes -o ControlMaster=auto -o ControlPath=/home/me/.ssh/lobbie-%C -o ControlPersist=60 -T -l me -p 2222 -- there docker system dial-stdio',
    );
  });

  it('does not share where it cannot: on Windows, and where the path would be too long', () => {
    expect(args('ssh://there', { platform: 'win32' })).not.toContain('ControlMaster');
    expect(args('ssh://there', { homeDirectory: `/${'long/'.repeat(20)}` })).not.toContain('ControlMaster');
  });
});

describe('a ping', () => {
  it.each([
    [
      'of Podman',
      { ostype: 'linux', 'libpod-api-version': '5.4.0' },
      { Components: [{ Name: 'Podman Engine', Version: '5.4.0' }] },
    ],
    ['of an engine with Windows containers', { ostype: 'windows' }, { Os: 'windows' }],
  ])('%s is not enough: `/version` tells what answers', async (_what, headers, version) => {
    const asked: string[] = [];
    const socket = join(home, 's');
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/version')
        response.end(JSON.stringify({ Version: '5.4.0', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64', ...version }));
      else response.writeHead(200, { 'api-version': '1.41', ...headers }).end('OK');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const connecting = connectEngine({ clock: realClock, ...surroundings, host: `unix://${socket}` });
    await expect(connecting).rejects.toMatchObject({ code: 'ENGINE_UNSUPPORTED' });
    expect(asked).toEqual(['/v1.41/_ping', '/version']);
  });

  it('is refused by an engine without that version of the API: `/version` tells which ones it has', async () => {
    const asked: string[] = [];
    const socket = join(home, 's');
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/version')
        response.end(JSON.stringify({ Version: '29', ApiVersion: '1.52', MinAPIVersion: '1.44', Os: 'linux' }));
      else response.writeHead(400).end('{"message":"client version 1.41 is too old"}');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const engine = await connectEngine({ clock: realClock, ...surroundings, host: `unix://${socket}` });
    await engine.listVolumes({}).catch(() => undefined);
    engine.close();
    expect(asked).toEqual(['/v1.41/_ping', '/version', expect.stringMatching(/^\/v1\.44\/volumes/)]);
  });
});
