import { expect, it } from 'vitest';
import { isFormer } from '../../../src/rollout/observe/is-former.ts';
import { scriptedEngine } from '../scripted-engine.ts';

const project = { 'com.docker.compose.project': 'p' };
const service = { 'com.docker.compose.service': 'web' };
const number = { 'com.docker.compose.container-number': '1' };

it.each([
  ['that Compose made', { ...project, ...service, ...number }, {}, true],
  ['from an image that Compose built', { ...project, ...service, ...number }, { ...project, ...service }, true],
  ['that someone else made from that image', { ...project, ...service }, { ...project, ...service }, false],
  ['of another project', { ...service, 'com.docker.compose.project': 'q' }, {}, false],
  ["of lobbie's", { ...project, ...service, 'dev.lobbie.project': 'p' }, {}, false],
])('takes or leaves a container %s', async (_, labels, ofImage, former) => {
  const engine = scriptedEngine();
  engine.images.set('app:1', { labels: ofImage });
  expect(await isFormer(engine, 'p', { labels, imageId: 'sha256:app:1' })).toBe(former);
});

it('leaves one alone whose image is gone', async () => {
  expect(await isFormer(scriptedEngine(), 'p', { labels: project, imageId: 'sha256:gone' })).toBe(false);
});
