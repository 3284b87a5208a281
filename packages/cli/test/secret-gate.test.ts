import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../../scripts/test/read-sources.ts';
import { createSecretMask } from '../src/model/secret-mask.ts';
import { spellingsOf } from '../src/model/spellings-of.ts';
import { runProgram } from '../src/program.ts';
import { scriptedSocket, versionOf } from './cli/scripted-socket.ts';
import { temporaryDirectory } from './cli/temporary-directory.ts';
import { fakeClock } from './fake-clock.ts';

const PASSWORD = 'Sentinel-1 "&<é>/+';
const IN_URL = 'Sentinel-2%2F';
const KEY_LINES = ['Sentinel-3-first-line', 'Sentinel-3-second-line'];
const TOKEN = 'Sentinel-4-token';
const FILE_LINES = ['Sentinel-5-first-line', 'Sentinel-5-second-line'];

const COMPOSE = {
  name: 'shop',
  services: {
    api: {
      build: { context: '.', args: { NPM_TOKEN: TOKEN } },
      environment: { DB_PASSWORD: PASSWORD, CONN: `pg://me:${IN_URL}@db/x`, TLS_KEY: KEY_LINES.join('\n') },
      secrets: ['cert'],
    },
  },
  secrets: { cert: { file: './cert.pem' } },
};

/** What every command with these files knows; a deploy knows the file of the secret too. */
const OF_FILES = [PASSWORD, IN_URL, ...KEY_LINES, TOKEN];

const COMMANDS: readonly [command: string, secrets: readonly string[]][] = [
  ['deploy', [...OF_FILES, ...FILE_LINES]],
  ['deploy --dry-run', [...OF_FILES, ...FILE_LINES]],
  ['recreate', OF_FILES],
  ['recreate --dry-run', OF_FILES],
  ['scale api=3', OF_FILES],
  ['status', OF_FILES],
  ['status --check', OF_FILES],
  ['history', OF_FILES],
  ['logs', OF_FILES],
  ['logs -f', OF_FILES],
  ['down', OF_FILES],
  ['down --volumes --history --yes', OF_FILES],
];

/** An engine that refuses everything with these words. */
const refusing = (words: string) =>
  versionOf('1.41', (_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ message: words }));
  });

async function run(argv: readonly string[], directory: string, host: string) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const status = await runProgram(
    {
      argv,
      env: { DOCKER_HOST: host },
      cwd: directory,
      homeDirectory: directory,
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
      base: pathToFileURL(join(directory, '/')).href,
      bugsUrl: 'https://example.org/bugs',
    },
    '1.2.3',
  );
  stdout.end();
  stderr.end();
  return { status, told: (await out) + (await err) };
}

const project = () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'compose.yaml'), JSON.stringify(COMPOSE));
  writeFileSync(join(directory.path, 'cert.pem'), `${FILE_LINES.join('\n')}\n`);
  writeFileSync(join(directory.path, 'Dockerfile'), 'FROM scratch\n');
  return directory;
};

describe.each(COMMANDS)('lobbie %s', (command, secrets) => {
  it.each(['', '--json', '--quiet', '--debug'])('masks what an engine says of secrets, with %j', async (option) => {
    using directory = project();
    const socket = join(directory.path, 'engine.sock');
    const words = `so it said: ${spellingsOf(secrets).join(' and ')} and that is all`;
    await using _engine = await scriptedSocket(socket, refusing(words));
    const argv = [...command.split(' '), ...(option === '' ? [] : [option])];
    const { status, told } = await run(argv, directory.path, `unix://${socket}`);
    expect(status).toBe(5);
    expect(told).toContain('so it said: *** and ***');
    expect(told).toContain('and that is all');
    expect(told).not.toContain('Sentinel');
    expect(spellingsOf(secrets).filter((secret) => told.includes(secret))).toEqual([]);
  });
});

describe('lobbie config', () => {
  it('prints the project with its secrets, and masks them in its warnings', async () => {
    using directory = project();
    const bad = { ...COMPOSE, version: TOKEN };
    writeFileSync(join(directory.path, 'compose.yaml'), JSON.stringify(bad));
    const { told } = await run(['config', '--json'], directory.path, 'unix:///nowhere');
    const lines = told.trimEnd().split('\n');
    expect(lines.at(-1)).toContain(TOKEN);
    expect(lines.slice(0, -1).join('\n')).not.toContain('Sentinel');
  });

  it('says nothing of a secret by its hashes', async () => {
    using directory = project();
    const hash = async (change: object) => {
      const { api } = COMPOSE.services;
      const services = { api: { ...api, environment: { ...api.environment, ...change } } };
      writeFileSync(join(directory.path, 'compose.yaml'), JSON.stringify({ ...COMPOSE, services }));
      return (await run(['config', '--hash'], directory.path, 'unix:///nowhere')).told;
    };
    const first = await hash({});
    expect(first).toMatch(/^api [0-9a-f]{64}\n$/);
    expect(await hash({ DB_PASSWORD: 'another', CONN: 'pg://me:another@db/x' })).toBe(first);
    expect(await hash({ LOG_LEVEL: 'debug' })).not.toBe(first);
  });
});

describe('the sources', () => {
  it('write to stdout and stderr in few places, each of which masks or has no project yet', () => {
    const files = readSources(fileURLToPath(new URL('../src', import.meta.url)));
    const writes = /\b(?:stdout|stderr|out|err)\.write\(/;
    expect(
      files
        .filter(({ code }) => writes.test(code))
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([
      // Before any project is read.
      'bin.ts',
      'main.ts',
      'program.ts',
      // Behind `createReporter`, which masks.
      'report/debug-log.ts',
      'report/json-reporter.ts',
      'report/live-progress.ts',
      'report/plain-progress.ts',
      'report/text-reporter.ts',
      // The end of the line of a question.
      'session.ts',
    ]);
  });

  it('make reporters that mask', () => {
    const files = readSources(fileURLToPath(new URL('../src', import.meta.url)));
    const makers = files.filter(({ code }) => /\bcreate(?:Json|Text)Reporter\(/.test(code)).map(({ path }) => path);
    expect(makers).toEqual(['report/create-reporter.ts']);
  });
});
