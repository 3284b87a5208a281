import { describe, expect, it } from 'vitest';
import { buildFailure } from '../../src/engine/build-failure.ts';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import { LobbieError } from '../../src/model/errors.ts';
import {
  ensureIngressImage,
  findIngressImage,
  loadedIngressImage,
} from '../../src/rollout/images/ensure-ingress-image.ts';
import { scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';

const args = { DEBIAN_IMAGE: BASE_IMAGES.debian };
const surroundingsOf = (engine: ReturnType<typeof scriptedEngine>, named?: string) => {
  const surroundings = scriptedSurroundings(engine);
  const ingressBuild = { ...surroundings.ingressBuild, args };
  return { ...surroundings, ingressBuild, ...(named !== undefined && { namedIngressImage: named }) };
};

describe('findIngressImage', () => {
  it('builds where nothing is there', async () => {
    const { image, build } = await findIngressImage(surroundingsOf(scriptedEngine()));
    expect(image).toMatch(/^lobbie-ingress:[0-9a-f]{16}$/);
    expect(build?.tags).toContain(image);
  });

  it('takes the one that was loaded, without its base and without a registry', async () => {
    const engine = scriptedEngine();
    const surroundings = surroundingsOf(engine);
    const loaded = await loadedIngressImage(surroundings.ingressBuild);
    engine.images.clear();
    engine.images.set(loaded, {});
    expect(await findIngressImage(surroundings)).toEqual({ image: loaded, build: undefined });
    expect(engine.calls.filter((call) => call.startsWith('pull'))).toEqual([]);
  });

  it('does not take what was loaded for another lobbie', async () => {
    const engine = scriptedEngine();
    engine.images.set('lobbie-ingress:loaded-0123456789abcdef', {});
    const { build } = await findIngressImage(surroundingsOf(engine));
    expect(build).toBeDefined();
  });

  it('takes the one that is named before any other, and pulls it where it is missing', async () => {
    const engine = scriptedEngine();
    const surroundings = surroundingsOf(engine, 'mine:1');
    engine.images.set(await loadedIngressImage(surroundings.ingressBuild), {});
    expect(await findIngressImage(surroundings, 'p')).toEqual({ image: 'mine:1', build: undefined, unchecked: true });
    expect(engine.calls).toContain('pull mine:1');
  });

  it('says that the named one cannot be had', async () => {
    const engine = scriptedEngine();
    engine.pullImage = async (image) => {
      throw new LobbieError('IMAGE_PULL_FAILED', `Image "${image}" could not be pulled.`);
    };
    await expect(findIngressImage(surroundingsOf(engine, 'mine:1'))).rejects.toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: 'Image "mine:1" could not be pulled. LOBBIE_INGRESS_IMAGE names it.',
      hint: 'Or unset LOBBIE_INGRESS_IMAGE: lobbie builds one.',
    });
  });
});

describe('ensureIngressImage', () => {
  const failing = (words: string, details: string[]) => {
    const engine = scriptedEngine();
    engine.buildImage = async () => {
      throw buildFailure(words, 'build it', 'Dockerfile.ingress', { instruction: undefined, lines: details });
    };
    const surroundings = surroundingsOf(engine);
    return findIngressImage(surroundings).then((found) => ensureIngressImage(surroundings, found));
  };
  const ways = /lobbie ingress-image --save ingress\.tar\n.*--load ingress\.tar\n.*LOBBIE_INGRESS_IMAGE=<image>/;

  it.each([
    "W: Failed to fetch http://mirror.example/debian/dists/trixie/InRelease  Temporary failure resolving 'mirror.example'",
    '  Could not connect to mirror.example:80 (192.0.2.7). - connect (111: Connection refused)',
    '  Could not connect to mirror.example:80 (192.0.2.7), connection timed out',
    '  Cannot initiate the connection to mirror.example:80 (2001:db8::7). - connect (101: Network is unreachable)',
    'E: Failed to fetch http://mirror.example/debian/pool/main/s/socat/socat.deb  503  Service Unavailable',
  ])('names the mirrors and the ways without them: %s', async (line) => {
    await expect(failing('exit code: 100', [line, 'E: Unable to locate package socat'])).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      message: expect.stringContaining("cannot reach Debian's mirrors"),
      details: [line, 'E: Unable to locate package socat'],
      hint: expect.stringMatching(ways),
    });
  });

  it('tells another failure as it is, with the same ways, and never to correct its own Dockerfile', async () => {
    const error = await failing('no shell', []).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      message: "The image of lobbie's ingresses cannot be built. Could not build it: it failed: no shell",
      hint: expect.stringMatching(ways),
    });
    expect(error).not.toMatchObject({ hint: expect.stringContaining('Correct') });
  });
});
