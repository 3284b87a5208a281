import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';
import { lastJson } from './run-lobbie.ts';
import { testPlace } from './test-place.ts';

const SECRET = 'correct-horse-battery';

describeEngine('--debug', (engine) => {
  it('shows every call of a deploy, its streams too, and no secret', async () => {
    await using place = testPlace(engine);
    await writeFile(join(place.path, 'Dockerfile'), 'ARG BASE\nFROM $BASE\nARG NPM_TOKEN\nRUN true\n');
    const service = {
      build: {
        context: '.',
        args: { BASE: NODE_IMAGE, NPM_TOKEN: SECRET },
      },
      environment: { API_TOKEN: SECRET },
      command: ['node', '-e', 'http.createServer((_, answer) => answer.end()).listen(3000)'],
      ports: ['127.0.0.1::3000'],
    };
    await writeFile(join(place.path, 'compose.yaml'), JSON.stringify({ services: { web: service } }));
    const run = await place.lobbie('deploy --json --debug');
    expect(run.exit).toBe(0);
    expect(lastJson(run)).toMatchObject({ type: 'receipt', outcome: 'deployed' });
    for (const line of run.stdout.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(run.stdout + run.stderr).not.toContain(SECRET);

    const lines = run.stderr.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('debug  '))).toEqual([]);
    const call = (outcome: string, what: string) => expect.stringMatching(new RegExp(` {2}${outcome} +${what}`));
    expect(lines).toEqual(
      expect.arrayContaining([
        call('200 open', 'POST /v[\\d.]+/build\\?.*buildargs=\\*\\*\\*'),
        call('200 ended', 'POST /v[\\d.]+/build\\?'),
        call('200 open', 'GET /v[\\d.]+/events\\?'),
        call('101 open', 'POST /v[\\d.]+/containers/[0-9a-f]{12}/attach\\?'),
        call('(?:101|200) open', 'POST /v[\\d.]+/exec/[0-9a-f]{12}/start'),
        call('201', 'POST /v[\\d.]+/containers/create\\?name='),
      ]),
    );
    const heading = lines.findIndex((line) => / calls to the engine in /.test(line));
    const count = Number(/(\d+) calls/.exec(lines[heading] ?? '')?.[1]);
    expect(lines.slice(heading + 1)).toHaveLength(count);
  });
});
