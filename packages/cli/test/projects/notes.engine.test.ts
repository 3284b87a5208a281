import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findKeeper, LEDGER } from '../../src/ledger/keeper.ts';
import { LABEL } from '../../src/model/names.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { get, type ProjectPlace, projectPlace, urlOf } from './project-place.ts';

const SENTINEL = 'sentinel-3b1f7c9e';
const ENV = { NOTES_PGPASS: `*:*:*:*:${SENTINEL}-password` };

describeEngine('an application before PostgreSQL, with migrations', (engine) => {
  it('is deployed in its order, rolls under writes that all arrive, and shows no secret', async () => {
    await using place = projectPlace(engine, 'notes', ENV);
    const first = await place.receipt('deploy');
    expect(first).toMatchObject({ exit: 0, outcome: 'deployed' });
    const url = urlOf(first);
    expect(await get(`${url}/`)).toMatch(/^notes info /);
    expect(await place.receipt('deploy')).toMatchObject({ exit: 0, outcome: 'unchanged' });
    const database = await place.containerOf('db');

    const dryRun = await place.lobbie('deploy --dry-run', { LOG_LEVEL: 'debug' });
    expect(dryRun.stdout).toContain('environment.LOG_LEVEL: "info" → "debug"');
    const load = await startLoad({ url: `${url}/notes`, keepAlive: 4, fresh: 4, posts: 1, pauseMs: 40 });
    const second = await place.receipt('deploy', { LOG_LEVEL: 'debug' });
    const result = await load.stop();
    expect(second).toMatchObject({ exit: 0, outcome: 'deployed', requests: { failed: 0 } });
    expect(result.failures).toEqual([]);
    expect(Object.keys(result.statuses)).toEqual(['200']);
    expect(result.posts.answered.length).toBeGreaterThan(20);
    expect(await get(`${url}/notes`)).toBe(String(result.posts.answered.length));
    expect(await get(`${url}/`)).toMatch(/^notes debug /);
    expect(await place.containerOf('db')).toBe(database);

    for (const command of ['status', 'status --json', 'history', 'logs', 'config']) await place.lobbie(command, {});
    await expectNoSecret(place);
  });

  it('keeps what serves when its migrations fail, and tells their last words', async () => {
    await using place = projectPlace(engine, 'notes', ENV);
    const first = await place.receipt('deploy');
    const before = await place.containerOf('app');
    await writeFile(join(place.path, 'schema.sql'), 'CREATE TABLE broken (id nonsense);\n');
    const failed = await place.receipt('deploy');
    expect(failed).toMatchObject({ exit: 5, outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
    expect(failed.error?.details.join('\n')).toContain('type "nonsense" does not exist');
    expect(await place.containerOf('app')).toBe(before);
    const id = randomUUID();
    expect(await (await fetch(`${urlOf(first)}/notes?id=${id}`, { method: 'POST' })).text()).toBe(`${id}\n`);
  });

  /** Neither output nor labels nor the ledger's files hold the password. */
  async function expectNoSecret({ project, told }: ProjectPlace): Promise<void> {
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter((text) => text.includes(SENTINEL))).toEqual([]);
    const containers = await engine.listContainers({ [LABEL.project]: project });
    expect(containers.length).toBeGreaterThan(4);
    expect(JSON.stringify(containers)).not.toContain(SENTINEL);
    const keeper = await findKeeper(engine, project);
    const files: string[] = [];
    for await (const { name, content } of engine.readFiles(keeper?.id ?? '', LEDGER, { mostBytes: Infinity })) {
      files.push(name);
      expect(content?.includes(SENTINEL) ?? false, name).toBe(false);
    }
    expect(files.length).toBeGreaterThan(4);
  }
});
