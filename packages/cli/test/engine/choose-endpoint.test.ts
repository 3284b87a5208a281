import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseEndpoint } from '../../src/engine/choose-endpoint.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lobbie-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const candidates = (environment: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') =>
  chooseEndpoint({}, { env: environment, homeDirectory: home, platform });

const writeContext = (name: string, host: string, current?: string) => {
  const folder = join(home, '.docker', 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
  if (current) writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: current }));
};

describe('chooseEndpoint', () => {
  it('takes DOCKER_HOST before any context, and nothing else beside it', async () => {
    writeContext('far', 'tcp://far:2375', 'far');
    expect(await candidates({ DOCKER_HOST: 'tcp://near:2375', DOCKER_CONTEXT: 'far' })).toMatchObject([
      { url: 'tcp://near:2375', chosenBy: 'DOCKER_HOST' },
    ]);
  });

  it('takes DOCKER_CONTEXT before the current context', async () => {
    writeContext('far', 'tcp://far:2375');
    writeContext('current', 'tcp://current:2375', 'current');
    expect(await candidates({ DOCKER_CONTEXT: 'far' })).toMatchObject([
      { url: 'tcp://far:2375', chosenBy: 'DOCKER_CONTEXT far' },
    ]);
    expect(await candidates()).toMatchObject([{ url: 'tcp://current:2375', chosenBy: 'context "current"' }]);
  });

  it('tries the default sockets for the context "default", rootless and desktop ones last', async () => {
    writeContext('other', 'tcp://other:2375', 'default');
    expect((await candidates({ XDG_RUNTIME_DIR: '/run/user/7' })).map(({ url }) => url)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      `unix://${home}/.docker/run/docker.sock`,
      `unix://${home}/.docker/desktop/docker.sock`,
    ]);
  });

  it('uses the named pipe on Windows', async () => {
    expect((await candidates({}, 'win32')).map(({ url }) => url)).toEqual(['npipe:////./pipe/docker_engine']);
  });

  it('refuses a configuration that cannot be read', async () => {
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker', 'config.json'), '{ broken');
    await expect(candidates()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
