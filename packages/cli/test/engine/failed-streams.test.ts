import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { scriptedSocket, versionOf } from '../cli/scripted-socket.ts';

const { signal } = new AbortController();

/** Each of them is answered with 200, and fails by a line. */
const ACTS: Readonly<Record<string, (engine: Engine, context: string) => Promise<unknown>>> = {
  'a pull': (engine) => engine.pullImage('x', () => undefined, signal),
  'a build': (engine, context) =>
    engine.buildImage({ context, dockerfile: 'Dockerfile', args: {}, tags: ['x'] }, () => undefined, signal),
  'an import': (engine) => engine.importEmptyImage('x'),
  'a load': (engine) => engine.loadImage(Readable.from(['']), signal),
};

describe('a stream that tells of a failure', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 't-eng-'));
    await writeFile(join(home, 'Dockerfile'), 'FROM scratch\n');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const answer = async (line: object, act: (engine: Engine, context: string) => Promise<unknown>): Promise<void> => {
    const script = versionOf('1.52', (request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.statusCode = request.method === 'GET' ? 404 : 200;
      const lines = request.method === 'GET' ? [{ message: 'no such image' }] : [{ status: 'begins' }, line];
      request.on('end', () => response.end(lines.map((one) => `${JSON.stringify(one)}\r\n`).join('')));
    });
    await using _ = await scriptedSocket(join(home, 's'), script);
    const engine = await connectEngine({
      clock: realClock,
      env: {},
      homeDirectory: home,
      platform: 'linux',
      host: `unix://${join(home, 's')}`,
    });
    try {
      await act(engine, home);
    } finally {
      engine.close();
    }
  };

  describe.each(Object.entries(ACTS))('of %s', (_what, act) => {
    it.each<[string, object]>([
      ['in both fields', { error: 'out of luck', errorDetail: { code: 1, message: 'out of luck' } }],
      ['in the old field only', { error: 'out of luck' }],
      ['in the detail only, as the API announces', { errorDetail: { message: 'out of luck' } }],
      ['in the detail, beside an empty old field', { error: '', errorDetail: { message: 'out of luck' } }],
    ])('fails with the words %s', async (_where, line) => {
      await expect(answer(line, act)).rejects.toThrow('out of luck');
    });

    it('fails where it says no more than that', async () => {
      await expect(answer({ errorDetail: {} }, act)).rejects.toThrow('the engine does not say why');
    });
  });
});
