import { describe, expect, it } from 'vitest';
import type { Dependency } from '../../../src/model/service.ts';
import { checkProject } from '../../../src/rollout/checks/check-project.ts';
import { aProject, aService } from '../a-service.ts';

const healthy = (change: Partial<Dependency> = {}): Dependency => ({
  service: 'db',
  condition: 'healthy',
  required: true,
  restart: false,
  ...change,
});
const withHealthcheck = { db: { exposedPorts: [], volumes: [], hasHealthcheck: true } };
const CHECK = { test: ['CMD', 'true'], intervalMs: 1, timeoutMs: 1, retries: 1, startPeriodMs: 0 };

describe('checkProject', () => {
  it('refuses to wait for the health of what has no healthcheck', () => {
    const project = aProject([aService('db'), aService('web', { dependsOn: [healthy()] })]);
    expect(() => checkProject(project, {})).toThrow(/^services\.web\.depends_on\.db: it waits for db to be healthy/);
    expect(() => checkProject(project, withHealthcheck)).not.toThrow();
  });

  it('takes the healthcheck of the service, and minds that it may be off', () => {
    const web = aService('web', { dependsOn: [healthy()] });
    expect(() => checkProject(aProject([aService('db', { healthcheck: CHECK }), web]), {})).not.toThrow();
    const off = aService('db', { healthcheck: { ...CHECK, test: ['NONE'] } });
    expect(() => checkProject(aProject([off, web]), withHealthcheck)).toThrow(/has a healthcheck/);
  });

  it('minds only what is required', () => {
    const web = aService('web', { dependsOn: [healthy({ required: false })] });
    expect(() => checkProject(aProject([aService('db'), web]), {})).not.toThrow();
  });
});
