import { expect, it } from 'vitest';
import type { Service } from '../../../src/model/service.ts';
import { withBuildsOfOthers } from '../../../src/rollout/images/with-builds-of-others.ts';
import { aService } from '../a-service.ts';

const build = { context: '/src', dockerfile: 'Dockerfile', args: {} };
const imageOf = (image: string, builder: Partial<Service> = {}, isBuilt = true) => {
  const web = aService('web', { image: 'shop', build, ...builder });
  const [worker] = withBuildsOfOthers([aService('worker', { image }), web], () => isBuilt);
  return worker;
};

it.each(['shop', 'shop:latest', 'docker.io/shop', 'docker.io/library/shop:latest'])(
  'takes %s for the image that another service builds',
  (image) => {
    expect(imageOf(image)).toMatchObject({ name: 'worker', image: 'shop', build });
  },
);

it('knows the image by its further tags, with registry and port', () => {
  const builder = { build: { ...build, tags: ['registry:5000/shop:1'] } };
  expect(imageOf('registry:5000/shop:1', builder)).toMatchObject({ image: 'shop' });
  expect(imageOf('registry:5000/shop', builder)?.build).toBeUndefined();
});

it('leaves other images, and those of services that are not built', () => {
  expect(imageOf('shop:2')).toEqual(aService('worker', { image: 'shop:2' }));
  expect(imageOf('shop', {}, false)).toEqual(aService('worker', { image: 'shop' }));
});

it('keeps the build that a service has', () => {
  const own = { ...build, target: 'worker' };
  const services = [aService('web', { image: 'shop', build }), aService('worker', { image: 'shop', build: own })];
  expect(withBuildsOfOthers(services, () => true)).toEqual(services);
});

it('builds for the platform of the service that builds it', () => {
  expect(imageOf('shop', { platform: 'linux/arm64' })).toMatchObject({ platform: 'linux/arm64' });
});
