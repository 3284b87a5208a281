import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { get, type ProjectPlace, projectPlace, urlOf } from './project-place.ts';
import { startUsers } from './site-users.ts';

const ROUNDS = 20;
/** Each of them waits for the connections that the applications keep. */
const SLOW_ROUNDS = 8;

describeEngine('PostgreSQL behind two applications and nginx', (engine) => {
  it('tells the gap of the database, counts the 5xx in it, and loses no row', async () => {
    await using place = projectPlace(engine, 'site');
    const url = urlOf(await place.receipt('deploy'));
    const plan = await place.lobbie('deploy --dry-run', { DB_VERSION: '2' });
    expect(plan.stdout).toMatch(/^ {2}db +a gap of about [\d.]+ s \(stop-first: volume data\)$/m);
    expect(plan.stdout).toMatch(/^ {2}nginx +nothing of its own; db, which it depends on, has a gap of about/m);
    const others = await containersBefore(place);
    const users = await startUsers(url);
    let counted = 0;
    for (let round = 2; round < ROUNDS + 2; round += 1) {
      const receipt = await place.receipt('deploy', { DB_VERSION: String(round) });
      expect(receipt).toMatchObject({ exit: 0, outcome: 'deployed', requests: { failed: 0 } });
      counted += receipt.requests?.serverErrors ?? 0;
      await users.pass(20);
    }
    const { failed, statuses, sent, answered } = await users.stop();
    const { 200: good = 0, 503: later = 0, ...other } = statuses;
    expect(other).toEqual({});
    expect(good).toBeGreaterThan(100);
    expect(later).toBe(failed);
    // What one user sees is counted at each ingress on its way.
    expect(counted).toBeGreaterThanOrEqual(failed);
    expect(failed).toBeGreaterThan(0);
    expect(await containersBefore(place)).toEqual(others);
    // A row whose answer was lost may be there; one that was answered is.
    const rows = Number(await get(`${url}/rows`));
    expect(rows).toBeGreaterThanOrEqual(answered.length);
    expect(rows).toBeLessThanOrEqual(sent.length);
  });

  it('lets new connections to the database wait, where the file gives it an ingress', async () => {
    await using place = projectPlace(engine, 'site');
    const file = join(place.path, 'compose.yaml');
    const text = await readFile(file, 'utf8');
    // A connection in use has a tenth of the time to end before it is cut: enough on a slow machine too.
    const extension = 'x-lobbie: { ingress: { ports: [5432], hold_timeout: 100s } }';
    await writeFile(file, text.replace('\n    volumes:\n', `\n    ${extension}\n    volumes:\n`));
    const url = urlOf(await place.receipt('deploy'));
    const plan = await place.lobbie('deploy --dry-run', { DB_VERSION: '2' });
    expect(plan.stdout).toMatch(/^ {2}db +a pause of about [\d.]+ s \(stop-first: volume data\)$/m);
    // The applications keep connections of their own, which are cut; these are new ones.
    expect(await get(`${url}/`)).toBe('web 1, api 1, 1');
    let stopping = false;
    const answers: string[] = [];
    const clients = Array.from({ length: 4 }, async () => {
      while (!stopping) {
        answers.push(await get(`${url}/fresh`).catch(String));
        await sleep(100);
      }
    });
    for (let round = 2; round < SLOW_ROUNDS + 2; round += 1)
      expect(await place.receipt('deploy', { DB_VERSION: String(round) })).toMatchObject({
        exit: 0,
        outcome: 'deployed',
        warnings: [],
      });
    stopping = true;
    await Promise.all(clients);
    expect(answers.length).toBeGreaterThan(SLOW_ROUNDS);
    expect(answers.filter((answer) => answer !== '1')).toEqual([]);
  });
});

/** The containers of all services but the database. */
const containersBefore = (place: ProjectPlace) =>
  Promise.all(['nginx', 'web', 'api', 'worker'].map((service) => place.containerOf(service)));
