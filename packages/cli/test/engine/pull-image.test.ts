import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import { pullFailure } from '../../src/engine/pull-failure.ts';
import { pullProgress } from '../../src/engine/pull-progress.ts';
import { registryCredentials } from '../../src/engine/registry-credentials.ts';
import type { ImageProgress } from '../../src/model/image.ts';
import { realClock } from '../../src/real-clock.ts';
import { versionOf } from '../cli/scripted-socket.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 't-eng-'));
  await mkdir(join(home, '.docker'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const configure = (config: object): Promise<void> =>
  writeFile(join(home, '.docker/config.json'), JSON.stringify(config));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const surroundings = () => ({
  env: { PATH: `${home}:/usr/bin:/bin` },
  homeDirectory: home,
  platform: 'linux' as const,
});

/** A credential helper that knows one registry. */
async function putHelper(name: string, address: string, answer: object): Promise<void> {
  const script = `#!/bin/sh\nread address\n[ "$1 $address" = "get ${address}" ] || { echo 'credentials not found'; exit 1; }\necho '${JSON.stringify(answer)}'\n`;
  await writeFile(join(home, `docker-credential-${name}`), script);
  await chmod(join(home, `docker-credential-${name}`), 0o755);
}

describe('credentials of a registry', () => {
  const of = (registry: string) => registryCredentials(registry, surroundings());

  it('come from auths, Docker Hub under its old name', async () => {
    await configure({
      auths: { 'https://index.docker.io/v1/': { auth: base64('me:pa:ss') }, 'ghcr.io': { identitytoken: 'token' } },
    });
    expect(await of('docker.io')).toMatchObject({ username: 'me', password: 'pa:ss' });
    expect(await of('ghcr.io')).toEqual({ identitytoken: 'token', serveraddress: 'ghcr.io' });
    expect(await of('quay.io')).toBeUndefined();
  });

  it('come from the helper of the registry before the store, and from auths when the store has none', async () => {
    await configure({
      credHelpers: { 'ghcr.io': 'own' },
      credsStore: 'store',
      auths: { 'other.example': { auth: base64('a:b') } },
    });
    await putHelper('own', 'ghcr.io', { Username: 'u', Secret: 's' });
    await putHelper('store', 'quay.io', { Username: '<token>', Secret: 't' });
    expect(await of('ghcr.io')).toEqual({ username: 'u', password: 's', serveraddress: 'ghcr.io' });
    expect(await of('quay.io')).toEqual({ identitytoken: 't', serveraddress: 'quay.io' });
    expect(await of('other.example')).toMatchObject({ username: 'a' });
  });

  it('fail by name when the helper is not installed', async () => {
    await configure({ credsStore: 'missing' });
    await expect(of('ghcr.io')).rejects.toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: expect.stringContaining('docker-credential-missing'),
    });
  });

  it.each([
    ['no JSON', 'nonsense s3cret'],
    ['JSON of another shape', '{"Password":"s3cret"}'],
  ])('fail without repeating what a helper prints that is %s', async (_what, printed) => {
    await configure({ credsStore: 'odd' });
    await writeFile(join(home, 'docker-credential-odd'), `#!/bin/sh\ncat >/dev/null\necho '${printed}'\n`);
    await chmod(join(home, 'docker-credential-odd'), 0o755);
    const failure = await of('ghcr.io').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: expect.stringContaining('docker-credential-odd'),
    });
    expect(inspect(failure, { depth: null })).not.toContain('s3cret');
  });

  it('are none without a configuration', async () => {
    expect(await of('docker.io')).toBeUndefined();
  });
});

describe('a pull that fails', () => {
  it.each([
    [
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      false,
      /cannot be reached$/,
      /docker load/,
    ],
    [
      'Get "https://box:5000/v2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      false,
      /cannot be reached$/,
      /docker load/,
    ],
    [
      "pull access denied for x, repository does not exist or may require 'docker login'",
      false,
      /denies it, or has no such image$/,
      /docker login/,
    ],
    ['unauthorized: authentication required', true, /to the account that is logged in/, /docker login/],
    ['manifest for alpine:nope not found: manifest unknown', false, /has no such image$/, /name and the tag/],
  ])('says of "%s" why and what to do', (words, loggedIn, message, hint) => {
    const error = pullFailure('alpine:nope', words, loggedIn);
    expect(error.code).toBe('IMAGE_PULL_FAILED');
    expect(error.message.replace(/\.$/, '')).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.details).toEqual([words]);
  });

  it.each([
    [undefined, /has it, but not for the engine's platform\.$/, /platform/],
    ['linux/arm64', /has it, but not for linux\/arm64\.$/, /Correct the platform/],
  ])('tells an image that there is not for %s', (platform, message, hint) => {
    const words = 'no matching manifest for linux/amd64 in the manifest list entries';
    expect(pullFailure('alpine:3', words, false, platform)).toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('is DISK_FULL when there is no room', () => {
    expect(pullFailure('a', 'write /x: no space left on device', false).code).toBe('DISK_FULL');
  });
});

describe('the progress of a pull', () => {
  it('adds up what is downloaded and counts the layers that are there', () => {
    const progress = pullProgress();
    expect(progress({ id: '3', status: 'Pulling from library/alpine' })).toBeUndefined();
    expect(progress({ id: 'a', status: 'Pulling fs layer' })).toEqual({ message: '0 of 1 layers' });
    progress({ id: 'b', status: 'Already exists' });
    expect(progress({ id: 'a', status: 'Downloading', progressDetail: { current: 10, total: 100 } })).toEqual({
      message: '1 of 2 layers',
      current: 10,
      total: 100,
    });
    progress({ id: 'a', status: 'Download complete' });
    expect(progress({ id: 'a', status: 'Pull complete' })).toEqual({
      message: '2 of 2 layers',
      current: 100,
      total: 100,
    });
    expect(progress({ status: 'Digest: sha256:00' })).toBeUndefined();
  });
});

/** No registry can be had in these tests: an engine that answers as one does stands in for both. */
describe('pulling through an engine', () => {
  let server: Server;
  let asked: { url: string; headers: IncomingHttpHeaders }[] = [];
  let lines: object[] = [];
  beforeEach(async () => {
    asked = [];
    const answer = versionOf('1.41', (request, response) => {
      asked.push({ url: request.url ?? '', headers: request.headers });
      for (const line of lines) response.write(`${JSON.stringify(line)}\r\n`);
      response.end();
    });
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(join(home, 'engine.sock'), resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const pull = async (reference: string, platform?: string): Promise<ImageProgress[]> => {
    const engine = await connectEngine({ clock: realClock, ...surroundings(), host: `unix://${home}/engine.sock` });
    const progress: ImageProgress[] = [];
    try {
      await engine.pullImage(reference, (step) => progress.push(step), new AbortController().signal, platform);
    } finally {
      engine.close();
    }
    return progress;
  };

  it("asks for name and tag with the registry's credentials, and tells the progress", async () => {
    await configure({ auths: { 'box:5000': { auth: base64('me:secret') } } });
    lines = [
      { id: 'a', status: 'Pulling fs layer' },
      { id: 'a', status: 'Pull complete' },
      { status: 'Status: Downloaded' },
    ];
    expect(await pull('box:5000/team/app:1')).toEqual([{ message: '0 of 1 layers' }, { message: '1 of 1 layers' }]);
    expect(asked[0]?.url).toBe('/v1.41/images/create?fromImage=box%3A5000%2Fteam%2Fapp&tag=1');
    const header = String(asked[0]?.headers['x-registry-auth']);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      username: 'me',
      password: 'secret',
      serveraddress: 'box:5000',
    });
  });

  it('asks for a platform', async () => {
    await pull('alpine:3', 'linux/arm64');
    expect(asked[0]?.url).toBe('/v1.41/images/create?fromImage=alpine&tag=3&platform=linux%2Farm64');
  });

  it('sends no credentials to another registry', async () => {
    await configure({ auths: { 'box:5000': { auth: base64('me:secret') } } });
    await pull('alpine:3');
    expect(asked[0]?.headers).not.toHaveProperty('x-registry-auth');
  });

  it('fails by a line in the stream, though the engine said 200', async () => {
    lines = [
      { status: 'Pulling from x', id: 'latest' },
      { error: 'manifest unknown', errorDetail: {} },
    ];
    await expect(pull('x')).rejects.toMatchObject({ code: 'IMAGE_PULL_FAILED' });
  });
});
