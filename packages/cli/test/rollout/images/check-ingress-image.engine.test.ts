import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkIngressImage } from '../../../src/rollout/images/check-ingress-image.ts';
import { ensureIngressImage, findIngressImage } from '../../../src/rollout/images/ensure-ingress-image.ts';
import { describeEngine, TEST_IMAGE } from '../../engine-available.ts';
import { testContext } from '../test-context.ts';

describeEngine('the check of an image for ingresses', (engine) => {
  const context = testContext(engine);
  const made: string[] = [];
  let own = '';
  beforeAll(async () => {
    own = await ensureIngressImage(context, await findIngressImage(context));
  });
  afterAll(async () => {
    for (const image of made) await engine.removeImage(image);
  });

  const imageOf = async (...instructions: string[]): Promise<string> => {
    const image = `t-ingress:${randomBytes(4).toString('hex')}`;
    const dockerfileInline = [`FROM ${own}`, ...instructions, ''].join('\n');
    const build = { context: import.meta.dirname, dockerfile: 'Dockerfile', dockerfileInline, args: {}, tags: [image] };
    await engine.buildImage(build, () => undefined, context.signal);
    made.push(image);
    return image;
  };
  const check = (image: string) => checkIngressImage(context, image, `Image ${image}`);
  const left = async () =>
    (await engine.listAllContainers()).filter(({ image }) => made.includes(image)).map(({ name }) => name);

  it('lets the image pass that lobbie builds, and one that is built on it', async () => {
    await check(own);
    await check(await imageOf('LABEL mine=1'));
    expect(await left()).toEqual([]);
  });

  it.each([
    [
      'an old HAProxy',
      String.raw`USER root
RUN printf '#!/bin/sh\necho "HAProxy version 2.9.9-1 2024/01/01"\n' >/usr/local/bin/haproxy && chmod +x /usr/local/bin/haproxy
USER haproxy`,
      'it lacks haproxy 3.0 or newer (it has 2.9).',
    ],
    ['no HAProxy', 'USER root\nRUN rm $(command -v haproxy)\nUSER haproxy', 'it lacks haproxy.'],
    ['no socat', 'USER root\nRUN rm $(command -v socat)\nUSER haproxy', 'it lacks socat.'],
    [
      'a user who may not write its sockets',
      'USER 12345',
      'it lacks a directory /run/haproxy that its user may write to.',
    ],
  ])('refuses %s', async (_, instructions, message) => {
    const image = await imageOf(instructions);
    await expect(check(image)).rejects.toMatchObject({
      code: 'INGRESS_IMAGE_UNFIT',
      message: `Image ${image} cannot run ingresses: ${message}`,
      hint: expect.stringContaining('lobbie ingress-image --dockerfile | docker build'),
    });
    expect(await left()).toEqual([]);
  });

  it('refuses what is something else, and what cannot be run at all', async () => {
    await expect(check(TEST_IMAGE)).rejects.toThrow(
      /it lacks haproxy, socat, a directory .*, a volume at \/etc\/lobbie\./,
    );
    const empty = await engine.importEmptyImage(`t-ingress:${randomBytes(4).toString('hex')}`);
    made.push(empty);
    await expect(check(empty)).rejects.toThrow(/cannot be run: /);
    expect(await left()).toEqual([]);
  });
});
