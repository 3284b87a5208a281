import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LobbieError } from '../../../src/model/errors.ts';
import type { Service } from '../../../src/model/service.ts';
import { type ImageNeeds, resolveImages } from '../../../src/rollout/images/resolve-images.ts';
import { fakeClock } from '../../fake-clock.ts';
import { aProject, aService } from '../a-service.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';

let context = '';
beforeAll(async () => {
  context = await mkdtemp(join(tmpdir(), 'resolve-images-'));
  await writeFile(join(context, 'Dockerfile'), 'FROM app:1\nVOLUME /data\nEXPOSE 3000\n');
});
afterAll(() => rm(context, { recursive: true }));

const built = (name: string, change: Partial<Service> = {}): Service =>
  aService(name, { image: `p-${name}`, build: { context, dockerfile: 'Dockerfile', args: {} }, ...change });

const resolve = (engine: ScriptedEngine, services: readonly Service[], change: Partial<ImageNeeds> = {}) =>
  resolveImages(
    {
      engine,
      clock: fakeClock(),
      report: () => undefined,
      signal: new AbortController().signal,
    },
    aProject(services),
    { asDeployed: () => false, key: 'k', options: {}, ...change },
  );
const doings = ({ calls }: ScriptedEngine): string[] => calls.filter((call) => /^(pull|build)/.test(call));

describe('resolveImages', () => {
  it('pulls a missing image once, however many services run it', async () => {
    const engine = scriptedEngine();
    const { images } = await resolve(engine, [aService('a', { image: 'new:1' }), aService('b', { image: 'new:1' })]);
    expect(doings(engine)).toEqual(['pull new:1']);
    expect(images).toEqual({ 'new:1': 'sha256:new:1' });
  });

  it('looks for a newer image where the policy or the command says so, and else leaves one that is there', async () => {
    const engine = scriptedEngine();
    await resolve(engine, [aService('a')]);
    expect(doings(engine)).toEqual([]);
    await resolve(engine, [aService('a', { pullPolicy: 'always' })]);
    await resolve(engine, [aService('a')], { options: { pull: 'always' } });
    expect(doings(engine)).toEqual(['pull app:1', 'pull app:1']);
    await resolve(engine, [aService('a', { pullPolicy: 'always' })], { asDeployed: () => true });
    expect(doings(engine)).toHaveLength(2);
  });

  it('refuses an image that is missing and never to be pulled', async () => {
    const never = aService('a', { image: 'new:1', pullPolicy: 'never' });
    await expect(resolve(scriptedEngine(), [never])).rejects.toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: 'Image new:1 is not on the engine, and its pull policy is "never".',
    });
  });

  it('says which service is built on a base that cannot be had, and where', async () => {
    const engine = scriptedEngine();
    engine.images.delete('app:1');
    engine.pullImage = async (image) => {
      throw new LobbieError('IMAGE_PULL_FAILED', `Image "${image}" could not be pulled.`, { hint: 'Check the name.' });
    };
    await expect(resolve(engine, [built('web')])).rejects.toMatchObject({
      message: `Image "app:1" could not be pulled. The image of service web is built on it: ${join(context, 'Dockerfile')}.`,
      hint: 'Check the name.',
    });
  });

  it('names what is built by its content, and where a plan is all that is wanted tells its traits and builds nothing', async () => {
    const engine = scriptedEngine();
    engine.images.set('app:1', { hasHealthcheck: true });
    const web = built('web', { image: 'registry:5000/web:1.2' });
    const { project, builds, images, traits } = await resolve(engine, [web], { options: { build: 'later' } });
    const image = project.services[0]?.image ?? '';
    expect(image).toMatch(/^registry:5000\/web:[0-9a-f]{16}$/);
    expect(builds[image]?.tags).toEqual([image, 'registry:5000/web:1.2']);
    expect(images).toEqual({});
    expect(traits).toEqual({ web: { exposedPorts: [3000], volumes: ['/data'], hasHealthcheck: true } });
    expect(doings(engine)).toEqual([]);
  });

  it('settles a build that services share once, and gives all of them its image', async () => {
    const engine = scriptedEngine();
    const { project, builds } = await resolve(engine, [built('web', { image: 'x' }), built('worker', { image: 'x' })]);
    expect(doings(engine)).toEqual(['build']);
    expect(project.services[0]?.image).toBe(project.services[1]?.image);
    expect(Object.keys(builds)).toHaveLength(1);
    expect(project.services.map(({ name }) => name)).toEqual(['web', 'worker']);
  });

  it('builds what is missing, and what is there only at the word of the command', async () => {
    const engine = scriptedEngine();
    const { project, images } = await resolve(engine, [built('web')]);
    const image = project.services[0]?.image ?? '';
    expect(images).toHaveProperty([image]);
    await resolve(engine, [built('web')]);
    expect(doings(engine)).toEqual(['build']);
    const buildImage = async (): Promise<void> => void engine.images.set(image, { id: 'sha256:another' });
    const other = await resolve({ ...engine, buildImage }, [built('web')], { options: { build: 'always' } });
    expect(other.images).toEqual({ [image]: 'sha256:another' });
  });

  it('builds nothing where the command says so: it takes what has the name of the service, or refuses', async () => {
    const engine = scriptedEngine();
    const options = { build: 'never' } as const;
    await expect(resolve(engine, [built('web')], { options })).rejects.toMatchObject({ code: 'IMAGE_BUILD_FAILED' });
    engine.images.set('p-web', {});
    const { project, builds } = await resolve(engine, [built('web')], { options });
    expect(project.services[0]).toMatchObject({ image: 'p-web' });
    expect(project.services[0]).not.toHaveProperty('build');
    expect(builds).toEqual({});
  });

  it('refuses images whose containers would look like its own, all of them at once', async () => {
    const engine = scriptedEngine();
    engine.images.set('poser:1', { labels: { 'dev.lobbie.role': 'keeper', 'dev.lobbie.project': 'q', mine: '1' } });
    engine.pullImage = async (image) => void engine.images.set(image, { labels: { 'dev.lobbie.service': 'web' } });
    const services = [aService('a', { image: 'poser:1' }), aService('b', { image: 'pulled:1' }), aService('c')];
    const refused: LobbieError = await resolve(engine, services).catch((error) => error);
    expect(refused.code).toBe('INVALID_INPUT');
    expect(refused.message.split('\n')).toEqual([
      'services.a.image: image poser:1 carries the labels dev.lobbie.project, dev.lobbie.role, which only lobbie sets, and only on containers',
      'services.b.image: image pulled:1 carries the label dev.lobbie.service, which only lobbie sets, and only on containers',
    ]);
  });

  it.each([
    ['deployed already', { asDeployed: () => true }, {}],
    ['built before', {}, {}],
    ['built just now', { options: { build: 'always' } }, {}],
    ['taken as it is', { options: { build: 'never' } }, { unbuilt: true }],
  ] as const)('refuses one that was %s', async (_, how, { unbuilt }: { unbuilt?: boolean }) => {
    const engine = scriptedEngine();
    const labels = { 'dev.lobbie.role': 'ingress' };
    engine.buildImage = async ({ tags }) => {
      for (const tag of tags) engine.images.set(tag, { labels });
    };
    if (unbuilt) engine.images.set('p-web', { labels });
    else await resolve(engine, [built('web')]).catch(() => undefined);
    if ('asDeployed' in how) engine.images.set('p-web', { labels });
    await expect(resolve(engine, [built('web')], how)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    { 'dev.lobbie.image': 'p' },
    { 'dev.lobbie.project': 'p', 'dev.lobbie.role': 'image' },
    { 'dev.lobbie.standin': 'abc' },
  ])('takes what lobbie itself has built: %o', async (labels) => {
    const engine = scriptedEngine();
    engine.images.set('app:1', { labels });
    expect((await resolve(engine, [aService('a')])).images).toEqual({ 'app:1': 'sha256:app:1' });
  });
});
