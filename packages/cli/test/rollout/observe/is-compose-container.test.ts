import { expect, it } from 'vitest';
import { isComposeContainer } from '../../../src/rollout/observe/is-compose-container.ts';
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
])('takes or leaves a container %s', async (_, labels, ofImage, isOfCompose) => {
  const engine = scriptedEngine();
  engine.images.set('app:1', { labels: ofImage });
  expect(await isComposeContainer(engine, 'p', { labels, imageId: 'sha256:app:1' })).toBe(isOfCompose);
});

it('leaves one alone whose image is gone', async () => {
  expect(await isComposeContainer(scriptedEngine(), 'p', { labels: project, imageId: 'sha256:gone' })).toBe(false);
});
