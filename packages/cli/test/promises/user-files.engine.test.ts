import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import { LABEL } from '../../src/model/names.ts';
import { testPlace } from '../cli/test-place.ts';
import { describeEngine } from '../engine-available.ts';
import { directory, ENV, inside, running, show, takeDown, VALUE, volumesWith, write } from './files-in-mounts.ts';

describeEngine('what the user mounts', (engine) => {
  it.runIf(engine.endpoint.local)('gets a new container when the content of a mounted file changes', async () => {
    await using place = testPlace(engine);
    write(
      place,
      'volumes: ["./bound:/data"]\nconfigs: [{ source: site, target: /data/site.conf }]',
      'configs: { site: { file: ./site.conf } }',
    );
    directory(place, 'bound');
    for (const text of ['one', 'two']) {
      writeFileSync(join(place.path, 'site.conf'), text);
      expect(await place.lobbie('deploy')).toMatchObject({ exit: 0, stdout: expect.stringContaining('deployed') });
      expect(await inside(engine, await running(engine, place), 'cat /data/site.conf')).toBe(text);
    }
    // What was deployed is not what is there now: of a release, the file cannot be mounted again.
    writeFileSync(join(place.path, 'site.conf'), 'three');
    if ((await engine.info()).volumeSubpaths) return;
    const recreated = await place.lobbie('recreate');
    expect(recreated.stderr).toMatch(/has changed since the last deploy/);
    expect(recreated.exit).toBe(3);
  });

  it('holds no content that is not a file of this machine, or nothing changes', async () => {
    await using place = testPlace(engine);
    write(
      place,
      `
volumes: ["./bound:/data", "named:/named"]
configs:
  - { source: text, target: /data/site.conf }
  - { source: site, target: /data/stated.conf, mode: 0400 }
secrets: [{ source: value, target: /named/value }]`,
      `configs: { text: { content: hello }, site: { file: ./site.conf } }
secrets: { value: { environment: VALUE } }
volumes: { named: {} }`,
    );
    writeFileSync(join(place.path, 'site.conf'), 'stated');
    const look = directory(place, 'bound');
    const before = look();
    const run = await place.lobbie('deploy', ENV);
    if ((await engine.info()).volumeSubpaths) {
      expect(run).toMatchObject({ exit: 0 });
      const web = await running(engine, place);
      const wanted = 'hello 1000:1000 444 stated 1000:1000 400';
      expect(await inside(engine, web, show('/data/site.conf', '/data/stated.conf'))).toBe(wanted);
      expect(await inside(engine, web, 'cat /named/value')).toBe(VALUE);
      expect(await volumesWith(engine, place, VALUE)).toHaveLength(1);
      expect(await takeDown(engine, place)).toMatchObject({ exit: 0 });
      expect(look()).toEqual({ ...before, 'site.conf': before['site.conf'], 'stated.conf': 'empty' });
    } else {
      const text = run.stderr.replaceAll(/\s+(\| )?/g, ' ');
      expect(text).toContain('3 configs and secrets cannot get into their containers.');
      expect(text).toMatch(
        /configs: text has the target \/data\/site\.conf, which is inside the bind mount of \S+\/bound at \/data\./,
      );
      expect(text).toMatch(/configs: site has the target \/data\/stated\.conf, .* so uid, gid and mode have no effect/);
      expect(text).toMatch(
        /secrets: value has the target \/named\/value, which is inside the volume \S+_named at \/named\./,
      );
      expect(run.exit).toBe(3);
      expect(await engine.listContainers({ [LABEL.project]: place.project, [LABEL.role]: 'replica' })).toEqual([]);
      expect(look()).toEqual(before);
    }
    expect(await volumesWith(engine, place, VALUE)).toEqual([]);
  });

  it('keeps its anonymous volumes, unlike those of lobbie with secrets, through recreate, deploy and down', async () => {
    await using place = testPlace(engine);
    const compose = (secrets: string, volumes: string): void =>
      writeFileSync(
        join(place.path, 'compose.yaml'),
        `
services:
  web:
    build:
      context: .
      dockerfile_inline: |
        FROM ${process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node}
        VOLUME ${volumes}
    command: [sleep, infinity]
    init: true
    stop_grace_period: 1s
    deploy: { update_config: { monitor: 300ms } }
    volumes: [/anonymous]
    secrets: ${secrets}
secrets: { value: { environment: VALUE } }
`,
      );
    const volumesOf = async (): Promise<Record<string, string>> => {
      const found = await engine.inspectContainer(await running(engine, place));
      return Object.fromEntries(found?.volumes.map(({ name, target }) => [target, name]) ?? []);
    };
    compose('[value]', '/of-image/');
    expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0 });
    const web = await running(engine, place);
    await inside(engine, web, 'echo of-image > /of-image/file; echo anonymous > /anonymous/file');
    const { '/run/secrets': secrets, ...own } = await volumesOf();
    const kept = Object.values(own);
    try {
      expect(Object.keys(own).toSorted()).toEqual(['/anonymous', '/of-image']);
      expect(await place.lobbie('recreate', ENV)).toMatchObject({ exit: 0 });
      expect(await volumesOf()).toMatchObject(own);
      compose('[]', '/of-image /run/secrets');
      expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0 });
      expect(await volumesOf()).toMatchObject(own);
      expect(await inside(engine, await running(engine, place), 'ls /run/secrets')).toBe('');
      expect(await volumesWith(engine, place, VALUE)).toEqual([]);
      expect(await engine.inspectVolume(secrets ?? '')).toBeUndefined();
      // lobbie keeps the volume that the next image no longer declares.
      compose('[]', '/run/secrets');
      expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0 });
      expect(Object.keys(await volumesOf())).not.toContain('/of-image');
      const down = await place.lobbie('down');
      expect(down).toMatchObject({ exit: 0, stdout: expect.stringContaining('anonymous volume') });
      for (const name of kept) expect(await engine.inspectVolume(name)).toBeDefined();
    } finally {
      await place.lobbie('down');
      for (const name of kept) await engine.removeVolume(name);
    }
  });

  it('is left alone by a secret in /run/secrets below a mount of /run, and by one below memory', async () => {
    await using place = testPlace(engine);
    write(
      place,
      `
volumes: ["./run:/run", "named:/named"]
tmpfs: [/named/memory]
configs: [{ source: text, target: /named/memory/d/site.conf }]
secrets: [value]`,
      `configs: { text: { content: hello } }
secrets: { value: { environment: VALUE } }
volumes: { named: {} }`,
    );
    mkdirSync(join(place.path, 'run'));
    expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0 });
    const web = await running(engine, place);
    expect(await inside(engine, web, show('/run/secrets/value', '/named/memory/d/site.conf'))).toBe(
      `${VALUE} 1000:1000 444 hello 1000:1000 444`,
    );
    expect(await takeDown(engine, place)).toMatchObject({ exit: 0 });
    expect(readdirSync(join(place.path, 'run'), { recursive: true })).not.toContain(join('secrets', 'value.txt'));
    expect(await volumesWith(engine, place, VALUE)).toEqual([]);
  });

  it.runIf(engine.endpoint.local)('may be read-only, where it has a file to mount over', async () => {
    await using place = testPlace(engine);
    write(
      place,
      'volumes: ["./bound:/data:ro"]\nconfigs: [{ source: site, target: /data/absent.conf }]',
      'configs: { site: { file: ./site.conf } }',
    );
    writeFileSync(join(place.path, 'site.conf'), 'the config');
    const look = directory(place, 'bound');
    const before = look();
    const refused = await place.lobbie('deploy');
    expect(refused.stderr).toMatch(
      /is read-only and does not contain absent\.conf.*\n.*touch \S+\/bound\/absent\.conf/,
    );
    expect(refused.exit).toBe(3);
    expect(look()).toEqual(before);
    writeFileSync(join(place.path, 'bound/absent.conf'), '');
    expect(await place.lobbie('deploy')).toMatchObject({ exit: 0 });
    expect(await inside(engine, await running(engine, place), 'cat /data/absent.conf')).toBe('the config');
  });

  it.runIf(engine.endpoint.local)('is named when the engine cannot mount a file in it', async () => {
    await using place = testPlace(engine);
    write(
      place,
      'volumes: ["named:/named:ro"]\nconfigs: [{ source: site, target: /named/site.conf }]',
      'configs: { site: { file: ./site.conf } }\nvolumes: { named: {} }',
    );
    writeFileSync(join(place.path, 'site.conf'), 'the config');
    const run = await place.lobbie('deploy');
    expect(run.stderr).toMatch(
      /services\.web\.configs: the engine could not mount site at \/named\/site\.conf, in the volume \S+_named at \/named: the mount is read-only/,
    );
    expect(run.exit).toBe(5);
  });
});

describeEngine('configs and secrets that say no owner', (engine) => {
  it.each([
    ['that the image names', '', '1000:1000'],
    ['that the service names by number', 'user: "1005"', '1005:0'],
    ['of a number that has an account', 'user: "1000"', '1000:1000'],
    ['by names of the image', 'user: "node:daemon"', '1000:1'],
    ['with a group', 'user: "1005:1006"', '1005:1006'],
    ['root', 'user: root', '0:0'],
  ])('belong to the user %s', async (_, user, owner) => {
    await using place = testPlace(engine);
    write(
      place,
      `${user}
configs: [{ source: text, target: /etc/app/site.conf, mode: 0400 }, { source: text, target: /etc/gid.conf, gid: "7" }]
secrets: [{ source: value, mode: 0400 }, { source: value, target: uid, uid: "5", mode: 0444 }]`,
      'configs: { text: { content: hello } }\nsecrets: { value: { environment: VALUE } }',
    );
    expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0 });
    const [uid, gid] = owner.split(':');
    const web = await running(engine, place);
    expect(await inside(engine, web, show('/etc/app/site.conf', '/run/secrets/value'))).toBe(
      `hello ${owner} 400 ${VALUE} ${owner} 400`,
    );
    expect(await inside(engine, web, show('/etc/gid.conf', '/run/secrets/uid'))).toBe(
      `hello ${uid}:7 444 ${VALUE} 5:${gid} 444`,
    );
  });
});
