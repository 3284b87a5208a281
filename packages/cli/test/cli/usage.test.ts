import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildCommand } from './build-command.ts';
import { lastJson, runLobbie } from './run-lobbie.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Arguments, environment, exit status, and what is said. */
const WRONG: readonly [string, string[], Record<string, string>, number, RegExp][] = [
  ['an unknown command', ['deploi'], {}, 2, /unknown command 'deploi'\s+\(Did you mean deploy\?\)/],
  ['a command of docker compose', ['up', '-d'], {}, 2, /unknown command 'up'\s+\(Instead of .+, use: lobbie deploy\)/],
  [
    'a project name that is none',
    ['status', '-p', 'Shop!'],
    {},
    2,
    /lower-case letters, digits, "-" and "_", got "Shop!"/,
  ],
  [
    'an address that is none',
    ['status', '-H', 'foo bar'],
    {},
    2,
    /--host: expected an address such as .+, got "foo bar"/,
  ],
  ['two engines', ['status', '-H', 'tcp://a:1', '--context', 'b'], {}, 2, /--host and --context select two engines/],
  [
    'an unknown context',
    ['status', '--context', 'nix'],
    {},
    3,
    /no docker context named "nix"[\s\S]+docker context ls/,
  ],
  [
    'an unknown context in DOCKER_CONTEXT',
    ['status'],
    { DOCKER_HOST: '', DOCKER_CONTEXT: 'nix' },
    3,
    /context named "nix"/,
  ],
  [
    'a port that is none',
    ['deploy', '--demo'],
    { LOBBIE_PORT: 'abc' },
    3,
    /LOBBIE_PORT: expected a port from 0 to 65535, got "abc"/,
  ],
];

describe('wrong input', () => {
  it.each(WRONG)('says what is wrong with %s, to people and to programs', async (_, args, env, exit, said) => {
    using home = temporaryDirectory();
    const [run, json] = await Promise.all([
      runLobbie(args, { cwd: home.path, env }),
      runLobbie([...args, '--json'], { cwd: home.path, env }),
    ]);
    expect(run).toMatchObject({ exit, stdout: '', stderr: expect.stringMatching(said) });
    expect(json.exit).toBe(exit);
    expect(lastJson(json)).toMatchObject({ type: 'error', code: exit === 2 ? 'USAGE' : 'INVALID_INPUT', exit });
  });

  it('says what is wrong even when told to be quiet', async () => {
    using home = temporaryDirectory();
    const run = await runLobbie(['deploy', '--demo', '-q'], { cwd: home.path, env: { LOBBIE_PORT: 'abc' } });
    expect(run).toMatchObject({ exit: 3, stdout: '', stderr: expect.stringContaining('got "abc"') });
  });

  it('says that the current directory was removed', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows removes no directory that is in use');
    using home = temporaryDirectory();
    const inNowhere = `mkdir gone && cd gone && rmdir ../gone && exec '${process.execPath}' '${await buildCommand()}' status`;
    const run = await promisify(execFile)('sh', ['-c', inNowhere], { cwd: home.path }).catch((error) => error);
    expect(run).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/x The current directory was removed\.\n {2}-> /),
    });
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });
});
