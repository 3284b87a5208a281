import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runLobbie } from './run-lobbie.ts';
import { hasTerminal, runOnTerminal } from './run-on-terminal.ts';
import { scriptedSocket, versionOf } from './scripted-socket.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const ESCAPE = '\u001b';
/** A change of colour or weight; what moves the cursor is none. */
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]*m`);
const noEngine = (path: string) => ({ DOCKER_HOST: `unix://${path}/none.sock` });

const title = hasTerminal ? 'on a terminal' : 'on a terminal (skipped: only Linux has `script` with these options)';
describe.runIf(hasTerminal)(title, () => {
  it.each([
    ['colours what failed', {}, [], true],
    ['has no colours with NO_COLOR', { NO_COLOR: '1' }, [], false],
    ['has no colours with --no-color', {}, ['--no-color'], false],
  ] satisfies [string, Record<string, string>, string[], boolean][])('%s', async (_, env, args, colours) => {
    using home = temporaryDirectory();
    const run = await runOnTerminal(['status', ...args], { cwd: home.path, env: { ...noEngine(home.path), ...env } });
    expect(run.exit).toBe(4);
    expect(run.screen).toContain('No Docker Engine answers.');
    expect(COLOUR.test(run.screen)).toBe(colours);
  });

  it('writes nothing but text where the terminal is dumb', async () => {
    using home = temporaryDirectory();
    const run = await runOnTerminal(['status'], { cwd: home.path, env: { ...noEngine(home.path), TERM: 'dumb' } });
    expect(run.screen).toContain('No Docker Engine answers.');
    expect(run.screen).not.toContain(ESCAPE);
  });

  it.each([
    ['an "n"', 'n\r', 0, /Nothing was removed\.\s*$/],
    ['a closed question', '\u0004', 0, /\nNothing was removed\.\s*$/],
    ['Ctrl-C', '\u0003', 130, /\n.*Interrupted by SIGINT\.\s+→ Run the same command again/],
  ])('removes nothing when asked before and answered by %s', async (_, keys, exit, said) => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    // Before the answer, lobbie looks for the ledger and for the names of the volumes, and changes nothing.
    const volumes = { Volumes: [{ Name: 'shop_data', Labels: null }] };
    const missing = { message: 'No such object' };
    await using _engine = await scriptedSocket(
      socket,
      versionOf('1.41', ({ method, url }, response) => {
        if (method !== 'GET') return response.writeHead(500).end();
        const isListed = /^(\/v1\.41)?\/volumes\?/.test(url ?? '');
        response.writeHead(isListed ? 200 : 404, { 'content-type': 'application/json' });
        return response.end(JSON.stringify(isListed ? volumes : missing));
      }),
    );
    const run = await runOnTerminal(
      ['down', '--volumes', '-p', 'shop', '--no-color'],
      { cwd: home.path, env: { DOCKER_HOST: `unix://${socket}`, LC_ALL: 'C.UTF-8' } },
      { at: '[y/N]', keys },
    );
    expect(run.screen).toContain('Project shop: delete volume shop_data, and anonymous ones, with all data? ');
    expect(run.screen).toMatch(said);
    expect(run.exit).toBe(exit);
  });

  it('keeps within its 80 columns', async () => {
    using home = temporaryDirectory();
    const { screen } = await runOnTerminal(['status', '--context', 'nix', '--no-color'], { cwd: home.path });
    expect(screen).toContain('nix');
    for (const line of screen.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('into a pipe', () => {
  it('has no control characters', async () => {
    using home = temporaryDirectory();
    const { stderr } = await runLobbie(['status'], {
      cwd: home.path,
      env: { ...noEngine(home.path), TERM: 'xterm-256color', FORCE_COLOR: '3' },
    });
    expect(stderr).toContain('No Docker Engine answers.');
    expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
