import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { get, projectPlace, urlOf } from '../projects/project-place.ts';
import { expectNobodyNoticed, startUsers } from '../projects/site-users.ts';

describeEngine('the users of nginx', (engine) => {
  it('do not notice that the applications behind it are replaced, with an ordinary Compose file', async () => {
    await using place = projectPlace(engine, 'site');
    const first = await place.receipt('deploy');
    expect(first).toMatchObject({ exit: 0, outcome: 'deployed' });
    const url = urlOf(first);
    const [nginx, database] = [await place.containerOf('nginx'), await place.containerOf('db')];
    const users = await startUsers(url);
    const changes = [
      { WEB_VERSION: '2' },
      { WEB_VERSION: '2', API_VERSION: '2' },
      { WEB_VERSION: '3', API_VERSION: '3' },
    ];
    for (const change of changes)
      expect(await place.receipt('deploy', change)).toMatchObject({
        exit: 0,
        outcome: 'deployed',
        requests: { failed: 0 },
      });
    await users.pass(50);
    const result = await users.stop();
    expectNobodyNoticed(result);
    expect(await get(`${url}/`)).toBe('web 3, api 3, 1');
    expect(await get(`${url}/rows`)).toBe(String(result.sent.length));
    expect([await place.containerOf('nginx'), await place.containerOf('db')]).toEqual([nginx, database]);
  });
});
