import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSecretMask } from '../src/model/secret-mask.ts';
import type { ProcessIo } from '../src/process-io.ts';
import { runProgram } from '../src/program.ts';
import { fakeClock } from './fake-clock.ts';

const COMMANDS = ['deploy', 'config', 'recreate', 'scale', 'history', 'status', 'logs', 'down'];

const BUGS_URL = 'https://example.org/bugs';

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const run = (...argv: string[]): Promise<Ran> => runWith({}, ...argv);

async function runWith(changed: Partial<ProcessIo>, ...argv: string[]): Promise<Ran> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const status = await runProgram(
    {
      argv,
      // No engine is there: what gets as far as needing one ends with status 4.
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      cwd: '/nowhere',
      homeDirectory: '/nowhere',
      platform: 'linux',
      host: 'here',
      user: 'me@here',
      stdin,
      stdout,
      stderr,
      clock: fakeClock(),
      secrets: createSecretMask(),
      onSignal: () => () => undefined,
      exit: (code) => expect.unreachable(`exit ${code}`),
      base: pathToFileURL('/nowhere/').href,
      bugsUrl: BUGS_URL,
      ...changed,
    },
    '1.2.3',
  );
  stdout.end();
  stderr.end();
  return { status, out: await text(stdout), err: await text(stderr) };
}

describe('lobbie', () => {
  it.each(['--version', '-V'])('tells its version for %s', async (option) => {
    expect(await run(option)).toEqual({ status: 0, out: '1.2.3\n', err: '' });
  });

  it.each([[[]], [['--help']], [['help']]])('lists its commands and where to start for %j', async (argv) => {
    const { status, out, err } = await run(...argv);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(out).toContain('$ lobbie deploy --demo');
  });

  it.each(COMMANDS)('%s --help says what it does, and shows an example', async (command) => {
    const { status, out, err } = await run(command, '--help');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Usage: lobbie ${command}`));
    expect(out).toMatch(new RegExp(`^Examples:\\n  \\$ lobbie ${command}\\b`, 'm'));
    for (const option of ['--json', '--quiet', '--no-color', '--debug', '--host', '--context', '--project-name'])
      expect(out).toContain(option);
  });

  it.each([
    ['an unknown command', ['deplyo'], /unknown command 'deplyo'\n\(Did you mean deploy\?\)/],
    ['an unknown option', ['deploy', '--replica', '3'], /unknown option '--replica'\n\(Did you mean --replicas\?\)/],
    [
      'a number that is none',
      ['deploy', '--replicas', 'many'],
      /'--replicas <n>'.*Expected 1 to 500 replicas, got "many"/,
    ],
    ['too many replicas', ['deploy', '--replicas', '501'], /'--replicas <n>'.*Expected 1 to 500 replicas, got "501"/],
    [
      'too many replicas of a service',
      ['deploy', '--scale', 'web=1000000'],
      /'--scale <service=n>'.*Expected 1 to 500 replicas, got "1000000"/,
    ],
    ['too many replicas to scale to', ['scale', 'web=1000000'], /Expected 1 to 500 replicas, got "1000000"/],
    ['no replicas', ['deploy', '--replicas', '0'], /Expected 1 to 500 replicas, got "0".*`lobbie down`/],
    ['a timeout that is none', ['deploy', '--timeout', '1m'], /'--timeout <seconds>'.*got "1m"/],
    [
      'a project with a space',
      ['status', '-p', 'My Project'],
      /lower-case letters, digits, "-" and "_", got "My Project"/,
    ],
    ['a missing argument', ['scale'], /missing required argument 'service=n'/],
    ['too many arguments', ['history', 'api'], /too many arguments/],
    ['a limit that is none', ['history', '--limit', '-1'], /whole number|unknown option/],
    ['a limit that leaves nothing', ['history', '--limit', '0'], /'--limit <n>'.*whole number of 1 or more, got "0"/],
    [
      'what excludes each other for logs',
      ['logs', '-f', '--until', '5m'],
      /'-f, --follow' cannot be used with.*'--until/,
    ],
    ['what excludes each other', ['deploy', '--no-build', '--build'], /'--build' cannot be used with.*'--no-build'/],
  ])('refuses %s in a few clear words and with status 2', async (_name, argv, line) => {
    const { status, out, err } = await run(...argv);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(line);
    expect(err).toMatch(/^error: /);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  });

  it.each([['deploy', '--demo'], ['recreate'], ['scale', 'api=2'], ['history'], ['status'], ['logs'], ['down']])(
    '%s without an engine says so, with the next step, and status 4',
    async (...argv) => {
      const { status, out, err } = await run(...argv);
      expect({ status, out }).toEqual({ status: 4, out: '' });
      expect(err).toContain('/nowhere/docker.sock');
      expect(err).not.toMatch(/^\s+at /m);
    },
  );

  it.each(['deploy', 'config'])('%s without a Compose file says so, and names the demo', async (command) => {
    expect(await run(command)).toEqual({
      status: 3,
      out: '',
      err: `x No Compose file (compose.yaml, docker-compose.yml) in /nowhere or above it.
  -> Change to your project's directory, or name the file: -f <file>
     To try lobbie without one: lobbie deploy --demo
`,
    });
  });

  it.each([[[]], [['--json']]])('names the place for bugs when it fails itself, with %j', async (options) => {
    const env = new Proxy<Record<string, string>>(
      {},
      {
        get: (_, name) => {
          if (name === 'DOCKER_HOST') throw new TypeError('the environment broke');
          return undefined;
        },
      },
    );
    const { status, out, err } = await runWith({ env }, 'status', '-p', 'shop', ...options);
    expect(status).toBe(1);
    expect(out + err).toContain('lobbie itself failed: TypeError: the environment broke');
    expect(out + err).toContain(`Please report it with these lines at ${BUGS_URL}.`);
  });
});
