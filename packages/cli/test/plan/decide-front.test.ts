import { describe, expect, it } from 'vitest';
import type { IngressPort } from '../../src/model/ingress.ts';
import type { Service } from '../../src/model/service.ts';
import { decideFront, type Evidence } from '../../src/plan/decide-front.ts';
import { tcp, testService, testStore, testTraits, testUpdate, udp } from './plan-fixtures.ts';

const NOTHING: Evidence = { ingress: undefined, runs: false, listens: [], before: undefined };
const inside = (change: Partial<Service> = {}): Service =>
  testService({ ports: [], mounts: [], update: testUpdate(), shared: true, ...change });
const decide = (service: Service, evidence: Partial<Evidence> = {}, volumes: string[] = []) =>
  decideFront(service, testTraits({ volumes }), { ...NOTHING, ...evidence });
const open: IngressPort = { port: 3000, mode: 'auto' };
const INGRESS = testService().ingress;

describe('decideFront', () => {
  it.each<[string, Service, Partial<Evidence>]>([
    ['publishes a TCP port', testService({ ports: [tcp(8080, 3000)], mounts: [], update: testUpdate() }), {}],
    ['publishes one and mounts data', testStore(), {}],
    ['says so, whatever it mounts', testStore({ ports: [], ingress: { ...INGRESS, wanted: true } }), {}],
    ['has a port in expose', inside({ expose: [3000] }), { runs: true }],
    ['listens', inside(), { runs: true, listens: [3000] }],
    ['has an ingress already', inside(), { runs: true, ingress: [open] }],
    ['has an idle one, and is named', inside({ addressed: [] }), { runs: true, ingress: [] }],
    ['says start-first', inside({ update: testUpdate({ order: 'start-first' }) }), {}],
  ])('gives one to a service that %s', (_what, service, evidence) => {
    const front = decide(service, evidence);
    expect(front.ingress).toBe(true);
    expect(front.tentative).toBeUndefined();
  });

  it.each<[string, Service, Partial<Evidence>, string[]?]>([
    ['has done its work, and listens on nothing', inside(), { completed: true }],
    ['listens on nothing', inside(), { runs: true }],
    ['listens on nothing, whatever its image exposes', inside({ addressed: [] }), { runs: true }],
    [
      'shares no network',
      testService({ ports: [], mounts: [], update: testUpdate(), expose: [80] }),
      { listens: [80] },
    ],
    ['mounts data', testStore({ ports: [], shared: true, expose: [5432] }), { listens: [5432] }],
    ['has data by its image', inside({ expose: [6379] }), { listens: [6379] }, ['/data']],
    ['wants none', inside({ ingress: { ...INGRESS, wanted: false }, ports: [tcp(1, 1)] }), { listens: [1] }],
    ['is a job', inside({ job: true }), {}],
    ['has no network of its own', inside({ networkMode: 'host' }), {}],
    ['has no replica', inside({ replicas: 0 }), {}],
    ['publishes UDP alone', inside({ ports: [udp(53)] }), { runs: true }],
  ])('gives none to a service that %s', (_what, service, evidence, volumes = []) => {
    expect(decide(service, evidence, volumes).ingress).toBe(false);
  });

  it('leaves it to the first gate if nothing runs yet', () => {
    expect(decide(inside())).toEqual({ ingress: true, tentative: true });
  });

  it('lists replicas without names until another service names them', () => {
    const before = inside({ front: { ingress: false, nameless: true } });
    expect(decide(inside(), { runs: true, before })).toEqual({ ingress: false, nameless: true });
    expect(decide(inside({ addressed: [] }), { runs: true, before })).toEqual({ ingress: false });
  });

  it('does not keep an idle ingress of a rollout that died', () => {
    expect(decide(inside(), { runs: true, ingress: [{ ...open, closed: true }] })).toEqual({ ingress: false });
  });

  it.each<[string, IngressPort, object]>([
    ['was open', open, { listens: [3000] }],
    ['was not seen open', { ...open, unseen: true }, {}],
    ['is closed', { ...open, closed: true }, {}],
    ['spoke HTTP', { ...open, seen: 'http' }, { listens: [3000] }],
    ['spoke bytes', { ...open, seen: 'tcp' }, { listens: [3000], bytes: true }],
    ['speaks first', { ...open, speaksFirst: true }, { listens: [3000], bytes: true }],
  ])('tells what a port %s', (_what, port, front) => {
    expect(decide(inside({ expose: [3000] }), { ingress: [port], runs: true })).toEqual({ ingress: true, ...front });
  });
});
