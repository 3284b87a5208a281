import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastJson, runLobbie } from './run-lobbie.ts';
import { scriptedSocket, versionOf } from './scripted-socket.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const COMMANDS = ['deploy --demo', 'recreate', 'scale api=3', 'history', 'status', 'logs', 'down'];

describe('without an engine that can be used', () => {
  it('says what was tried and how to get an engine here', async () => {
    using home = temporaryDirectory();
    const { exit, stdout, stderr } = await runLobbie(['deploy', '--demo'], {
      cwd: home.path,
      env: { DOCKER_HOST: `unix://${home.path}/none.sock` },
    });
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    const [failed, tried, check, next] = stderr.split('\n');
    expect(failed).toBe('x No Docker Engine answers.');
    expect(tried).toBe(`  | tried unix://${home.path}/none.sock (DOCKER_HOST): does not exist`);
    expect(check).toBe('  -> Check the address (DOCKER_HOST).');
    expect(next).toMatch(/^ {5}(Start it: |Install Docker: |Start Docker Desktop)/);
  });

  it.each(COMMANDS)('ends `%s --json` with the error and its exit status', async (command) => {
    using home = temporaryDirectory();
    const run = await runLobbie([...command.split(' '), '--json'], {
      cwd: home.path,
      env: { DOCKER_HOST: `unix://${home.path}/none.sock` },
    });
    expect(run).toMatchObject({ exit: 4, stderr: '' });
    expect(lastJson(run)).toMatchObject({ type: 'error', code: 'ENGINE_UNREACHABLE', exit: 4 });
  });

  it('says how to reach one over SSH, with the port that was given', async () => {
    using home = temporaryDirectory();
    const run = await runLobbie(['status', '-H', 'ssh://me@127.0.0.1:1'], { cwd: home.path });
    expect(run.exit).toBe(4);
    expect(run.stderr).toContain('  -> Check that this works: ssh -p 1 me@127.0.0.1 docker version\n');
  });

  it('keeps the warnings of its own parts to itself', async () => {
    using home = temporaryDirectory();
    const run = await runLobbie(['status', '-H', 'tcp://127.0.0.1:1'], { cwd: home.path });
    expect(run.stderr).toBe(
      [
        'x No Docker Engine answers.',
        '  | tried tcp://127.0.0.1:1 (--host): connection refused',
        '  -> Check the address, and that this works: docker -H tcp://127.0.0.1:1 version',
        '',
      ].join('\n'),
    );
  });

  it('says what a server that is no engine answered', async () => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    await using _server = await scriptedSocket(socket, (_, response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"There is nothing here."}');
    });
    const run = await runLobbie(['status'], { cwd: home.path, env: { DOCKER_HOST: `unix://${socket}` } });
    expect(run.exit).toBe(4);
    expect(run.stderr).toContain(
      `tried unix://${socket} (DOCKER_HOST): answered with HTTP 404: There is nothing here.\n`,
    );
  });

  it('says no more where DEBUG is set: its parts would tell every request, with all that is in it', async () => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    const asked: (string | undefined)[] = [];
    const answer = versionOf('1.41', (request, response) => {
      asked.push(request.url);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"it is broken"}');
    });
    await using _engine = await scriptedSocket(socket, answer);
    const run = (env: Record<string, string>) =>
      runLobbie(['status', '-p', 'shop'], { cwd: home.path, env: { DOCKER_HOST: `unix://${socket}`, ...env } });
    // `status` makes several calls at a time, and the error of any of them may be the one that is shown.
    const quiet = { exit: 5, stdout: '', stderr: expect.stringMatching(/^x Could not [^\n]*: it is broken\.\n$/) };
    expect(await run({})).toEqual(quiet);
    expect(asked.length).toBeGreaterThan(0);
    expect(await run({ DEBUG: '*' })).toEqual(quiet);
    expect(await run({ DEBUG: 'modem', DEBUG_COLORS: 'no' })).toEqual(quiet);
  });

  it('says who may use a socket that this user may not', async () => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    await using _engine = await scriptedSocket(socket, (_, response) => response.end());
    chmodSync(socket, 0);
    // Root may use it anyway.
    const uid = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const run = await runLobbie(['status'], { cwd: home.path, env: { DOCKER_HOST: `unix://${socket}` }, ...uid });
    expect(run).toEqual({
      exit: 4,
      stdout: '',
      stderr: [
        `x No permission to use the engine at unix://${socket}.`,
        '  | chosen by: DOCKER_HOST',
        '  -> Join its group: sudo usermod -aG docker "$USER" && newgrp docker',
        '     Or run the command with sudo.',
        '',
      ].join('\n'),
    });
  });

  it('says how old an engine is and which one it needs', async () => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    await using _engine = await scriptedSocket(
      socket,
      versionOf('1.40', () => expect.unreachable()),
    );
    const run = await runLobbie(['deploy', '--demo'], { cwd: home.path, env: { DOCKER_HOST: `unix://${socket}` } });
    expect(run).toEqual({
      exit: 4,
      stdout: '',
      stderr: [
        `x The engine at unix://${socket} is Docker 19.03.15 (API 1.40); lobbie needs 20.10 (API 1.41) or newer.`,
        '  | chosen by: DOCKER_HOST',
        '  -> Upgrade Docker: https://docs.docker.com/engine/install/',
        '',
      ].join('\n'),
    });
  });

  it('says that the engine went away, and how to look', async () => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    await using _engine = await scriptedSocket(
      socket,
      versionOf('1.41', (request) => request.socket.destroy()),
    );
    const run = await runLobbie(['status'], { cwd: home.path, env: { DOCKER_HOST: `unix://${socket}` } });
    expect(run.exit).toBe(4);
    expect(run.stderr).toMatch(/^x The engine at unix:\S+ went away: could not .+ \(socket hang up\)\.\n/);
    expect(run.stderr).toContain(`  -> Check that the engine runs: docker -H unix://${socket} version\n`);
  });
});
