import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastJson, runLobbie } from './run-lobbie.ts';
import { scriptedSocket, versionOf } from './scripted-socket.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const COMMANDS = ['deploy --demo', 'recreate', 'scale api=3', 'history', 'status', 'logs', 'down', 'ingress-image'];

/** An engine that fails at everything after the ping. */
const broken = versionOf('1.41', (_, response) => {
  response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"it is broken"}');
});

describe('--debug', () => {
  it.each(COMMANDS)('%s tells each call on stderr; stdout and the exit status stay the same', async (command) => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    await using _engine = await scriptedSocket(socket, broken);
    const run = (...more: string[]) =>
      runLobbie([...command.split(' '), '--json', ...(command === 'ingress-image' ? [] : ['-p', 'shop']), ...more], {
        cwd: home.path,
        env: { DOCKER_HOST: `unix://${socket}` },
      });
    const [plain, debug] = [await run(), await run('--debug')];
    expect(plain).toMatchObject({ stderr: '' });
    // Of several calls at a time, the error of any of them may be the one that is shown.
    const message = expect.stringMatching(/^Could not [^\n]*: it is broken\.$/);
    expect({ exit: debug.exit, result: lastJson(debug) }).toEqual({
      exit: plain.exit,
      result: { ...lastJson(plain), message },
    });
    expect(lastJson(plain)).toMatchObject({ message });
    for (const line of debug.stdout.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    const lines = debug.stderr.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('debug  '))).toEqual([]);
    expect(lines[0]).toMatch(/^debug +\d+\.\d{3} s +\d+\.\d{3} s {2}200 {8}GET \/v1\.41\/_ping$/);
    expect(lines.join('\n')).toMatch(/^debug .* 500 {8}GET \/v1\.41\//m);
    expect(lines.join('\n')).toMatch(/^debug {2}\d+ calls to the engine in /m);
    expect(lines.at(-1)).toMatch(/^debug {2}\|[ =>]{40}\| {2}/);
  });

  it('is the same as LOBBIE_DEBUG=1, and off for 0', async () => {
    using home = temporaryDirectory();
    const run = (LOBBIE_DEBUG: string) =>
      runLobbie(['status', '-H', 'tcp://127.0.0.1:1'], { cwd: home.path, env: { LOBBIE_DEBUG } });
    const off = await run('0');
    expect(off.stderr).not.toContain('debug');
    expect(await run('')).toEqual(off);
    const on = await run('1');
    expect(on).toMatchObject({ exit: 4, stdout: '' });
    expect(on.stderr).toMatch(/^debug .* {2}ECONNREFUSED {2}GET \/v1\.41\/_ping\nx No Docker Engine answers\.\n/);
    expect(on.stderr).toMatch(/\ndebug {2}1 call to the engine in /);
  });
});
