import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { get, projectPlace, urlOf } from './project-place.ts';
import { expectNobodyNoticed, startUsers } from './site-users.ts';

const ROUNDS = 20;
/** Rounds that watch what has no healthcheck for as long as lobbie does unless told otherwise. */
const ORDINARY = 3;

describeEngine('nginx, two applications that call each other, PostgreSQL and a worker', (engine) => {
  it.concurrent.for([
    { services: 'web', names: ['WEB'], answer: `web ${ROUNDS + 1}, api 1, 1` },
    { services: 'api', names: ['API'], answer: `web 1, api ${ROUNDS + 1}, 1` },
    { services: 'nginx and of the worker', names: ['NGINX', 'WORKER'], answer: 'web 1, api 1, 1' },
  ])(
    'loses nothing of what the users of nginx ask for, by 20 rollouts of $services',
    async ({ names, answer }, { expect }) => {
      await using place = projectPlace(engine, 'site');
      const first = await place.receipt('deploy');
      expect(first).toMatchObject({ exit: 0, outcome: 'deployed' });
      const url = urlOf(first);
      const database = await place.containerOf('db');
      const users = await startUsers(url);
      for (let round = 2; round < ROUNDS + 2; round += 1) {
        if (round === 2 + ORDINARY) watchBriefly(place.path, ['nginx', 'web', 'api', 'worker']);
        const versions = Object.fromEntries(names.map((name) => [`${name}_VERSION`, String(round)]));
        const receipt = await place.receipt('deploy', versions);
        expect(receipt).toMatchObject({ exit: 0, outcome: 'deployed', requests: { failed: 0, serverErrors: 0 } });
      }
      await users.pass(50);
      const result = await users.stop();
      expectNobodyNoticed(result);
      expect(await get(`${url}/`)).toBe(answer);
      expect(await place.containerOf('db')).toBe(database);
      // The worker has done what the users left to do.
      expect(await get(`${url}/rows`)).toBe(String(result.sent.length));
      await expect.poll(() => get(`${url}/done`)).toBe(String(result.sent.length));
    },
  );
});

/** From now on a new container has to stay up for no longer than a moment. */
function watchBriefly(directory: string, names: readonly string[]): void {
  const services = names.map((name) => [name, { deploy: { update_config: { monitor: '200ms' } } }]);
  writeFileSync(join(directory, 'compose.override.yaml'), JSON.stringify({ services: Object.fromEntries(services) }));
}
