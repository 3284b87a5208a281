import { describe, expect, it } from 'vitest';
import { projectOf, withDependencies } from '../../../src/rollout/observe/project-of.ts';
import { aProject, aService } from '../a-service.ts';

const on = (service: string) => ({ service, condition: 'started', required: true, restart: false }) as const;

describe('projectOf', () => {
  const wanted = aProject([aService('db', { image: 'new' }), aService('web', { image: 'new' }), aService('job')]);
  const current = aProject([aService('db', { image: 'old' }), aService('web', { image: 'old' })]);

  it('is what the file says where all may change', () => {
    expect(projectOf(wanted, undefined, current)).toBe(wanted);
  });

  it('keeps as deployed what may not change, and leaves out what was never deployed', () => {
    const project = projectOf(wanted, ['web'], current);
    expect(project.services.map(({ name, image }) => [name, image])).toEqual([
      ['db', 'old'],
      ['web', 'new'],
    ]);
    expect(project.inactive).toEqual(['job']);
  });

  it('has the networks and volumes that its services use, the new and those as deployed', () => {
    const data = { key: 'data', name: 'p_data', external: false };
    const mounts = [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }] as const;
    const before = aProject([aService('db', { mounts, networks: [{ key: 'back', aliases: [] }] })], {
      volumes: [data],
      networks: [{ key: 'back', name: 'p_back', external: false }],
    });
    const project = projectOf(wanted, ['web'], before);
    expect(project.volumes).toEqual([data]);
    expect(project.networks.map(({ name }) => name)).toEqual(['p_default', 'p_back']);
  });
});

describe('withDependencies', () => {
  it('adds what a service depends on, at any depth, and those that share with one of them', () => {
    const project = aProject([
      aService('db'),
      aService('api', { dependsOn: [on('db')] }),
      aService('web', { dependsOn: [on('api')] }),
      aService('sidecar', { networkMode: 'service:web' }),
      aService('other'),
    ]);
    expect(withDependencies(project, ['api'])).toEqual(['db', 'api']);
    expect(withDependencies(project, ['web'])).toEqual(['db', 'api', 'web', 'sidecar']);
    expect(withDependencies(project, ['sidecar'])).toEqual(['db', 'api', 'web', 'sidecar']);
  });
});
