import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { get, projectPlace, urlOf } from './project-place.ts';
import { expectNobodyNoticed, startUsers } from './site-users.ts';

describeEngine('services that get their first ingress', (engine) => {
  it('are found by nginx and by each other, and the users of nginx notice nothing', async () => {
    await using place = projectPlace(engine, 'site');
    const without = join(place.path, 'compose.override.yaml');
    writeFileSync(
      without,
      'services: { web: { x-lobbie: { ingress: false } }, api: { x-lobbie: { ingress: false } } }\n',
    );
    const first = await place.receipt('deploy');
    expect(first).toMatchObject({ exit: 0, outcome: 'deployed' });
    const url = urlOf(first);
    const nginx = await place.containerOf('nginx');
    const users = await startUsers(url);
    await users.pass(5);
    rmSync(without);
    expect(await place.receipt('deploy')).toMatchObject({ exit: 0, outcome: 'deployed', requests: { failed: 0 } });
    await users.pass(50);
    expectNobodyNoticed(await users.stop());
    // It looks names up when it starts, and never again.
    expect(await place.containerOf('nginx')).not.toBe(nginx);

    const now = await place.containerOf('nginx');
    const newer = { WEB_VERSION: '2', API_VERSION: '2' };
    expect(await place.receipt('deploy', newer)).toMatchObject({ exit: 0, outcome: 'deployed' });
    expect(await get(`${url}/`)).toBe('web 2, api 2, 1');
    expect(await get(`${url}/api/`)).toBe('api 2, web 2, 1');
    expect(await place.containerOf('nginx')).toBe(now);
    expect(await place.receipt('deploy', newer)).toMatchObject({ outcome: 'unchanged' });
  });
});
