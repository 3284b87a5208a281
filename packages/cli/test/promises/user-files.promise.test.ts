import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testPlace } from '../cli/test-place.ts';
import { describeEngine } from '../engine-available.ts';
import { directory, ENV, inside, running, takeDown, VALUE, volumesWith, write } from './files-in-mounts.ts';

describeEngine('what the user mounts', (engine) => {
  it.runIf(engine.endpoint.local)('is not written to by configs and secrets that lie in it', async () => {
    await using place = testPlace(engine);
    write(
      place,
      `
volumes: ["./bound:/data", "./bound-ro:/etc/app:ro", "named:/named", "/anonymous"]
configs:
  - { source: site, target: /data/site.conf }
  - { source: site, target: /etc/far/absent.conf }
  - { source: site, target: /etc/app/site.conf }
  - { source: site, target: /named/site.conf }
  - { source: site, target: /of-image/site.conf }
secrets:
  - { source: key, target: /named/key }
  - { source: key, target: /anonymous/key }
  - { source: value, target: /etc/value }`,
      `configs: { site: { file: ./site.conf } }
secrets: { key: { file: ./key.txt }, value: { environment: VALUE } }
volumes: { named: {} }`,
    );
    writeFileSync(join(place.path, 'site.conf'), 'the config');
    writeFileSync(join(place.path, 'key.txt'), VALUE);
    const before = [directory(place, 'bound'), directory(place, 'bound-ro')].map((one) => one());
    const look = () => [directory(place, 'bound'), directory(place, 'bound-ro')].map((one) => one());

    expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0 });
    const web = await running(engine, place);
    for (const path of [
      '/data/site.conf',
      '/etc/link/absent.conf',
      '/etc/app/site.conf',
      '/named/site.conf',
      '/of-image/site.conf',
    ])
      expect(await inside(engine, web, `cat ${path}`), path).toBe('the config');
    for (const path of ['/named/key', '/anonymous/key', '/etc/value'])
      expect(await inside(engine, web, `cat ${path}`), path).toBe(VALUE);
    // Newer engines copy nothing into a container with a file in a read-only mount: there it has a volume of its own.
    const filled = await volumesWith(engine, place, VALUE);
    const own = `${(await engine.inspectContainer(web))?.name}_lobbie-files`;
    expect([[], [own]]).toContainEqual(filled);
    // The engine mounts a file over a file only: where there is none, it makes an empty one.
    const after = [{ ...before[0], 'absent.conf': 'empty' }, before[1]];
    expect(look()).toEqual(after);
    expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0, stdout: expect.stringContaining('up to date') });

    writeFileSync(join(place.path, 'site.conf'), 'another config');
    const failed = await place.lobbie('deploy', { ...ENV, COMMAND: 'exit 3' });
    expect(failed.exit).toBe(5);
    expect(look()).toEqual(after);
    expect(await volumesWith(engine, place, VALUE)).toEqual(filled);
    expect(await engine.inspectVolume(`${place.project}_named`)).toBeDefined();

    expect(await takeDown(engine, place)).toMatchObject({ exit: 0 });
    expect(look()).toEqual(after);
    expect(await volumesWith(engine, place, VALUE)).toEqual([]);
  });
});
