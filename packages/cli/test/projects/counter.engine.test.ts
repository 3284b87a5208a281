import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { get, projectPlace, urlOf } from './project-place.ts';

const CLIENTS = { keepAlive: 8, fresh: 8, posts: 0.5, pauseMs: 40 };

describeEngine('a single instance that keeps its state on a volume', (engine) => {
  it('is replaced again and again under load with a pause, and neither a request nor a write is lost', async () => {
    const port = await freePort();
    await using place = projectPlace(engine, 'counter', {
      COUNTER_PORT: String(port),
      COUNTER_NAME: `counter-${port}`,
    });
    const url = urlOf(await place.receipt('deploy'));
    const dryRun = await place.lobbie('deploy --dry-run', { COUNTER_VERSION: '2' });
    expect(dryRun.stdout).toMatch(/counter\s+a pause of about .* s \(stop-first: volume state\)/);

    // What was counted before the load.
    const [, , earlier] = (await get(url)).split(' ');
    const load = await startLoad({ url, ...CLIENTS });
    const outcomes: string[] = [];
    for (const version of ['2', '3', '4', '5'])
      outcomes.push((await place.receipt('deploy', { COUNTER_VERSION: version })).outcome);
    const result = await load.stop();
    expect(outcomes).toEqual(Array(4).fill('deployed'));
    expect(result.failures).toEqual([]);
    // Each answer counted the request it answers, over all the containers: none was lost, none done twice.
    const [, version, hits] = (await get(url)).split(' ');
    expect(version).toBe('5');
    expect(Number(hits) - Number(earlier)).toBe(result.total + 1);
  });

  it('is left alone when its directory changes and its image does not', async () => {
    await using place = projectPlace(engine, 'counter', { COUNTER_NAME: `counter-${process.pid}-same` });
    await place.receipt('deploy');
    const before = await place.containerOf('counter');
    await writeFile(join(place.path, 'notes.txt'), 'nothing that the Dockerfile copies');
    expect(await place.receipt('deploy')).toMatchObject({ exit: 0, outcome: 'unchanged' });
    expect(await place.containerOf('counter')).toBe(before);
  });

  it('starts the old one again when the new one never becomes healthy, and serves those that waited', async () => {
    await using place = projectPlace(engine, 'counter', { COUNTER_NAME: `counter-${process.pid}-back` });
    const url = urlOf(await place.receipt('deploy'));
    const before = await place.containerOf('counter');
    const load = await startLoad({ url, ...CLIENTS });
    const failed = await place.receipt('deploy --timeout 20', { COUNTER_VERSION: '2', COUNTER_BROKEN: 'yes' });
    const result = await load.stop();
    expect(failed).toMatchObject({ exit: 5, outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
    expect(result.failures).toEqual([]);
    expect(await place.containerOf('counter')).toBe(before);
    expect(await get(url)).toMatch(/^counter 1 /);
    expect(await place.receipt('deploy')).toMatchObject({ outcome: 'unchanged' });
  });
});
