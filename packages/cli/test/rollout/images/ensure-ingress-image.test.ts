import { describe, expect, it } from 'vitest';
import { BASE_IMAGES } from '../../../src/model/base-images.ts';
import { LABEL } from '../../../src/model/names.ts';
import { findIngressImage } from '../../../src/rollout/images/ensure-ingress-image.ts';
import { rollOut } from '../../../src/rollout/roll-out.ts';
import { addPoser } from '../../ledger/poser.ts';
import { aProject, aService, aWebService } from '../a-service.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';
import { scriptedSurroundings } from '../scripted-surroundings.ts';

async function deployed(...services: Parameters<typeof aProject>[0][number][]): Promise<ScriptedEngine> {
  const engine = scriptedEngine();
  const request = { project: aProject(services), command: 'deploy', recreate: [], asDeployed: false };
  expect(await rollOut(scriptedSurroundings(engine), request)).toMatchObject({ outcome: 'deployed' });
  return engine;
}
const imageFor = async (engine: ScriptedEngine, deployedProject?: string): Promise<string> =>
  (await findIngressImage(scriptedSurroundings(engine), deployedProject)).image;
const built = ({ images }: ScriptedEngine): string | undefined =>
  [...images.keys()].find((name) => name.startsWith('lobbie-ingress:'));

describe('the image of the ingress', () => {
  it.each([['with', aWebService('web', 8080)] as const, ['without', aService('db')] as const])(
    'is the one that the project has, %s an ingress, although its base is another by now',
    async (_, service) => {
      const engine = await deployed(service);
      const mine = built(engine);
      engine.images.set(BASE_IMAGES.debian, { id: 'sha256:newer' });
      expect([mine, `sha256:${mine}`]).toContain(await imageFor(engine, 'p'));
      expect(await imageFor(engine)).not.toBe(mine);
    },
  );

  it('is never the newest of its name, nor that of a container which only poses as an ingress', async () => {
    const engine = scriptedEngine();
    engine.images.set('lobbie-ingress:9999999999999999', {});
    await addPoser(engine, 'p-web-ingress-r1', { [LABEL.role]: 'ingress' });
    const image = await imageFor(engine, 'p');
    expect(image).toMatch(/^lobbie-ingress:[0-9a-f]{16}$/);
    expect(image).toBe(await imageFor(engine));
    expect(image).not.toBe('lobbie-ingress:9999999999999999');
  });

  it('is taken by its id where its name means another image by now', async () => {
    const engine = await deployed(aWebService('web', 8080));
    const name = built(engine) ?? '';
    engine.images.set('kept', { id: `sha256:${name}` });
    engine.images.set(name, { id: 'sha256:foreign' });
    expect(await imageFor(engine, 'p')).toBe(`sha256:${name}`);
  });

  it('is another for another base: no project takes what one with another base has built', async () => {
    const engine = await deployed(aWebService('web', 8080));
    engine.images.set('mine:1', {});
    const surroundings = scriptedSurroundings(engine);
    const ingressBuild = { ...surroundings.ingressBuild, args: { DEBIAN_IMAGE: 'mine:1' } };
    const other = (await findIngressImage({ ...surroundings, ingressBuild }, 'q')).image;
    expect(other).not.toBe(built(engine));
    engine.images.set(other, {});
    expect(await imageFor(engine, 'q')).toBe(built(engine));
    expect(await imageFor(engine)).toBe(built(engine));
  });

  it('is refused when its base brings labels of lobbie', async () => {
    const engine = scriptedEngine();
    engine.buildImage = async ({ tags }) => {
      for (const tag of tags) engine.images.set(tag, { labels: { [LABEL.role]: 'ingress' } });
    };
    const request = { project: aProject([aService('db')]), command: 'deploy', recreate: [], asDeployed: false };
    await expect(rollOut(scriptedSurroundings(engine), request)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('LOBBIE_DEBIAN_IMAGE='),
    });
    expect(engine.containers()).toEqual([]);
  });
});
