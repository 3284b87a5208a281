import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/model/project.ts';
import { ingressSpecHash, specHash } from '../../src/plan/spec-hash.ts';
import { testService } from './plan-fixtures.ts';

const service = testService({ environment: { A: '1', B: '2' } });
const hash = (change: Partial<Service> = {}, imageId = 'sha256:1', key = 'key') =>
  specHash({ ...service, ...change }, imageId, key);

describe('specHash', () => {
  const same: Partial<Service>[] = [
    { replicas: 9 },
    { update: { order: 'start-first', parallelism: 1, monitorMs: 1 } },
    { ingress: { mode: 'tcp', drainTimeoutMs: 1, clientTimeoutMs: 1, serverTimeoutMs: 1 } },
    { ports: [{ target: 80, published: 80 }] },
    { report: '/other' },
    { environment: { B: '2', A: '1' } },
  ];
  it.each(same)('leaves the containers alone for %j', (change) => expect(hash(change)).toBe(hash()));

  const other: Partial<Service>[] = [
    { image: 'p-api:2' },
    { environment: { A: '1', B: '3' } },
    { command: ['x'] },
    { user: '1000' },
    { mounts: [] },
    { networks: [] },
    { stopGracePeriodMs: 1 },
    { hardening: { ...service.hardening, readOnly: true } },
    { labels: { a: 'b' } },
    // Without an ingress the replicas hold the service's name themselves.
    { ports: [] },
  ];
  it.each(other)('asks for other containers for %j', (change) => expect(hash(change)).not.toBe(hash()));

  it('follows the id of an image that is pulled, and the tag of one that is built here', () => {
    expect(hash({}, 'sha256:2')).toBe(hash({}, 'sha256:1'));
    const { build: _, ...pulled } = service;
    expect(specHash(pulled, 'sha256:2', 'key')).not.toBe(specHash(pulled, 'sha256:1', 'key'));
  });
  it('cannot be guessed without the key of the project', () => {
    expect(hash({}, 'sha256:1', 'another')).not.toBe(hash());
    expect(hash({ environment: { PASSWORD: 'hunter2' } })).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('ingressSpecHash', () => {
  it('follows published ports and networks, and nothing else of the service', () => {
    const of = (change: Partial<Service>, networks = ['p_default']) =>
      ingressSpecHash({ ...service, ...change }, networks, 'key');
    expect(of({ image: 'other', replicas: 7 })).toBe(of({}));
    expect(of({ ports: [{ target: 3000, published: 81 }] })).not.toBe(of({}));
    expect(of({}, ['other'])).not.toBe(of({}));
  });
});
