import { expect, it } from 'vitest';
import { ownLinks } from '../../../src/rollout/acts/own-links.ts';
import { aService, aWebService } from '../a-service.ts';

const networks = [
  { key: 'default', aliases: ['site'] },
  { key: 'six', aliases: ['six'] },
];

it('leads a replica behind an ingress to itself under its service’s names', () => {
  expect(ownLinks(aWebService('web', 80, { containerName: 'the-web', networks }), 'p-web-1-new')).toEqual([
    ['p-web-1-new:web', 'p-web-1-new:the-web', 'p-web-1-new:site'],
    ['p-web-1-new:web', 'p-web-1-new:the-web', 'p-web-1-new:six'],
  ]);
});

it('adds nothing if the replicas have the names', () => {
  expect(ownLinks(aService('web', { networks }), 'p-web-1-new')).toEqual([[], []]);
});
