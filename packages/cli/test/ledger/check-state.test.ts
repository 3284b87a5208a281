import { describe, expect, it } from 'vitest';
import { checkState } from '../../src/ledger/check-state.ts';
import type { LobbieError } from '../../src/model/errors.ts';
import type { Project } from '../../src/model/project.ts';
import type { ContainerRecord, LedgerState, Release } from '../../src/model/release.ts';
import { aProject, aService } from '../rollout/a-service.ts';

const release = (project: Project): Release => ({
  id: 'k3f9x2',
  number: 1,
  command: 'deploy',
  startedAtMs: 1,
  project,
  images: { web: 'sha256:1' },
  containers: ['c'.repeat(64)],
});
const web = aService('web', { mounts: [{ kind: 'bind', source: '/srv/data', target: '/data', readOnly: false }] });
const record: ContainerRecord = {
  id: 'c'.repeat(64),
  name: 'p-web-1-k3f9x2',
  replica: { service: 'web', index: 1 },
  release: 'k3f9x2',
  image: 'sha256:1',
  startedAtMs: 1,
};
const stateOf = (project: object = {}, change: object = {}): LedgerState => ({
  current: release({ ...aProject([web], { history: { source: '/srv/history' } }), ...project }),
  running: null,
  releases: 1,
  history: '/srv/history',
  containers: { 'p-web-1-k3f9x2': record },
  ingresses: {},
  leaving: null,
  ingressImage: null,
  ...change,
});
const wrong = (state: LedgerState): readonly string[] => {
  try {
    checkState('p', state);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENGINE_ERROR', hint: expect.stringContaining('volume=p_lobbie-ledger') });
    return (error as LobbieError).details;
  }
};
const withService = (change: object) => stateOf({ services: [{ ...web, ...change }] });
const mounting = (mount: object) => withService({ mounts: [{ target: '/a', readOnly: false, ...mount }] });

describe('checkState', () => {
  it('accepts what lobbie wrote, and what a later version added', () => {
    const state = stateOf({ later: 1 }, { later: [1] });
    expect(checkState('p', state)).toBe(state);
    expect(wrong(stateOf({}, { current: null, history: null }))).toEqual([]);
    expect(wrong(stateOf({}, { current: null }))).toEqual([]);
  });

  it.each<[string, LedgerState, string]>([
    ['another project', stateOf({ name: 'q' }), 'current.project.name: expected p'],
    [
      'a path that is not whole',
      mounting({ kind: 'bind', source: 'etc' }),
      'mounts.0.source: expected an absolute path',
    ],
    [
      'a ledger',
      mounting({ kind: 'volume', source: 'q_lobbie-ledger' }),
      'mounts.0.source: only lobbie mounts this volume',
    ],
    ['an unknown mount', mounting({ kind: 'image', source: 'x' }), 'current.project.services.0.mounts.0.kind: '],
    ['an image of lobbie', withService({ image: 'lobbie-keeper:empty' }), 'image: is an image for lobbie only'],
    ['half a service', withService({ mounts: undefined }), 'current.project.services.0.mounts: '],
    ['a history that is the whole disk', stateOf({}, { history: '/' }), 'history: cannot hold a history'],
    ['a history without a root', stateOf({}, { history: 'history' }), 'history: expected an absolute path'],
    ['a name with a path', stateOf({}, { containers: { '../x': record } }), 'containers.../x: '],
    [
      'a record with a path',
      stateOf({}, { containers: { x: { ...record, name: '../../etc' } } }),
      'containers.x.name: ',
    ],
    ['an ingress without an id', stateOf({}, { ingresses: { web: {} } }), 'ingresses.web: '],
    ['a number below 0', stateOf({}, { releases: -1 }), 'releases: '],
  ])('refuses %s, and says where', (_, state, problem) => {
    expect(wrong(state)).toEqual([expect.stringContaining(problem)]);
  });
});
