import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import { type TestPlace, testPlace } from '../cli/test-place.ts';
import { describeEngine } from '../engine-available.ts';

const VALUE = 'sentinel-51c0ffee-value';
const ENV = { VALUE };

/** A service that does nothing, of an image with links, a volume and a user of its own. */
const compose = (service: string, top: string): string => `
services:
  web:
    build:
      context: ./image
      dockerfile_inline: |
        FROM ${process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node}
        RUN mkdir -p /etc/app /data /of-image && ln -s ../data /etc/link && ln -s /etc/link /etc/far
        VOLUME /of-image
        USER node
    init: true
    stop_grace_period: 1s
    command: [sh, -c, "\${COMMAND:-sleep infinity}"]
    deploy: { update_config: { monitor: 300ms } }
${service.replace(/^/gm, '    ')}
${top}
`;

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
    // The engine mounts a file over a file only: where there is none, it makes an empty one.
    const after = [{ ...before[0], 'absent.conf': 'empty' }, before[1]];
    expect(look()).toEqual(after);
    expect(await place.lobbie('deploy', ENV)).toMatchObject({ exit: 0, stdout: expect.stringContaining('up to date') });

    writeFileSync(join(place.path, 'site.conf'), 'another config');
    const failed = await place.lobbie('deploy', { ...ENV, COMMAND: 'exit 3' });
    expect(failed.exit).toBe(5);
    expect(look()).toEqual(after);
    expect(await volumesWith(engine, place, VALUE)).toEqual([]);
    expect(await engine.inspectVolume(`${place.project}_named`)).toBeDefined();

    expect(await place.lobbie('down', ENV)).toMatchObject({ exit: 0 });
    expect(look()).toEqual(after);
    expect(await volumesWith(engine, place, VALUE)).toEqual([]);
  });

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
      expect(await place.lobbie('down', ENV)).toMatchObject({ exit: 0 });
      expect(look()).toEqual({ ...before, 'site.conf': before['site.conf'], 'stated.conf': 'empty' });
    } else {
      const text = run.stderr.replaceAll(/\s+(\| )?/g, ' ');
      expect(text).toContain('3 configs and secrets cannot get into their containers.');
      expect(text).toMatch(
        /configs: text has the target \/data\/site\.conf, which lies in the bind mount of \S+\/bound at \/data\./,
      );
      expect(text).toMatch(/configs: site has the target \/data\/stated\.conf, .* so uid, gid and mode cannot apply/);
      expect(text).toMatch(
        /secrets: value has the target \/named\/value, which lies in the volume \S+_named at \/named\./,
      );
      expect(run.exit).toBe(3);
      expect(await engine.listContainers({ [LABEL.project]: place.project, [LABEL.role]: 'replica' })).toEqual([]);
      expect(look()).toEqual(before);
    }
    expect(await volumesWith(engine, place, VALUE)).toEqual([]);
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
    expect(await place.lobbie('down', ENV)).toMatchObject({ exit: 0 });
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
    expect(refused.stderr).toMatch(/is read-only and has no absent\.conf.*\n.*touch \S+\/bound\/absent\.conf/);
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

function write({ path }: TestPlace, service: string, top: string): void {
  mkdirSync(join(path, 'image'));
  writeFileSync(join(path, 'compose.yaml'), compose(service.trim(), top));
}

/** Makes a directory with a file that belongs to somebody; gives what tells of each file whether it is as it was. */
function directory({ path }: TestPlace, name: string): () => Record<string, string> {
  const place = join(path, name);
  if (!existsSync(place)) {
    mkdirSync(place);
    const file = join(place, 'site.conf');
    writeFileSync(file, 'mine');
    chmodSync(file, 0o640);
    if (process.getuid?.() === 0) chownSync(file, 1234, 1235);
  }
  return () =>
    Object.fromEntries(
      readdirSync(place).map((entry) => {
        const { mode, uid, gid, size } = statSync(join(place, entry));
        const text = `${readFileSync(join(place, entry), 'utf8')} ${mode.toString(8)} ${uid}:${gid}`;
        return [entry, size === 0 ? 'empty' : text];
      }),
    );
}

async function running(engine: Engine, { project }: TestPlace): Promise<string> {
  const replicas = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });
  const ids = replicas.filter(({ state }) => state === 'running').map(({ id }) => id);
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

/** Runs a line as the container's own user. */
async function inside(engine: Engine, container: string, line: string): Promise<string> {
  const { output } = await engine.exec(container, ['sh', '-c', line]);
  return output.trim();
}

/** A line that tells of files their content, owner and mode. */
const show = (...paths: string[]): string =>
  paths.map((path) => `echo -n "$(cat ${path}) $(stat -c '%u:%g %a' ${path}) "`).join('; ');

/** The volumes of the project that hold a text anywhere. */
async function volumesWith(engine: Engine, { project }: TestPlace, text: string): Promise<string[]> {
  const volumes = (await engine.listVolumes({})).filter(({ name }) => name.includes(project));
  if (volumes.length === 0) return [];
  const id = await engine.createContainer({
    name: `${project}-look`,
    image: process.env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node,
    labels: {},
    networks: [],
    mounts: volumes.map(({ name }) => ({
      kind: 'volume',
      source: name,
      target: `/look/${name}`,
      readOnly: false,
      noCopy: true,
    })),
  });
  try {
    const found = new Set<string>();
    for await (const { name, content } of engine.readFiles(id, '/look', { mostBytes: 1024 * 1024 }))
      if (content?.includes(text)) found.add(name.split('/')[0] ?? '');
    return [...found];
  } finally {
    await engine.removeContainer(id, { force: true });
  }
}
