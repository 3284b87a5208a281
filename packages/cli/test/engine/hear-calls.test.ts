import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { scriptedSocket, versionOf } from '../cli/scripted-socket.ts';

const { signal } = new AbortController();

describe('each call to the engine', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 't-eng-'));
    await writeFile(join(home, 'Dockerfile'), 'FROM scratch\n');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** What is heard of each call but the first, which is the ping. */
  async function heard(answer: RequestListener, act: (engine: Engine) => Promise<unknown>): Promise<string[][]> {
    const calls: string[][] = [];
    await using _ = await scriptedSocket(join(home, 's'), versionOf('1.41', answer));
    const engine = await connectEngine({
      clock: realClock,
      env: {},
      homeDirectory: home,
      platform: 'linux',
      host: `unix://${join(home, 's')}`,
      hear: (method, path) => {
        const call = [`${method} ${path}`];
        calls.push(call);
        return {
          answered: (status, isStream) => call.push(isStream ? `${status} stream` : `${status}`),
          ended: (failure) => call.push(failure ?? 'ended'),
        };
      },
    });
    try {
      await act(engine).catch(() => undefined);
      await expect.poll(() => calls.every((call) => call.length > 1)).toBe(true);
    } finally {
      engine.close();
    }
    // The ping is enough: `/version` is not asked.
    expect(calls.filter(([call]) => call?.endsWith('/version'))).toEqual([]);
    expect(calls[0]).toEqual(['GET /v1.41/_ping', '200', 'ended']);
    return calls.slice(1);
  }

  it('is heard with its status, whatever that is', async () => {
    const calls = await heard(
      (_, response) => {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"no such container"}');
      },
      (engine) => engine.inspectContainer('shop-web-1'),
    );
    expect(calls[0]).toEqual(['GET /v1.41/containers/shop-web-1/json', '404', 'ended']);
  });

  it('is heard when the engine breaks off before it answers', async () => {
    const calls = await heard(
      (request) => request.socket.destroy(),
      (engine) => engine.inspectContainer('shop-web-1'),
    );
    expect(calls[0]).toEqual(['GET /v1.41/containers/shop-web-1/json', 'ECONNRESET']);
  });

  it('shows no build argument, and is a stream where it goes on', async () => {
    const calls = await heard(
      (request, response) => {
        request.resume();
        request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}\r\n'));
      },
      (engine) =>
        engine.buildImage(
          { context: home, dockerfile: 'Dockerfile', args: { NPM_TOKEN: 'hunter2' }, tags: ['shop'] },
          () => undefined,
          signal,
        ),
    );
    expect(JSON.stringify(calls)).not.toContain('hunter2');
    expect(calls).toContainEqual([
      expect.stringMatching(/^POST \/v1\.41\/build\?.*buildargs=\*\*\*/),
      '200 stream',
      'ended',
    ]);
  });
});
