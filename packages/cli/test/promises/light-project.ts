import type { Project } from '../../src/model/project.ts';
import { START_FIRST, type TestProjectOptions, testProject } from '../rollout/test-project.ts';

/** The test project without a healthcheck: a rollout of it takes little time, for tests that need many. */
export const lightProject = (options: TestProjectOptions): Project =>
  testProject({
    ...options,
    service: {
      healthcheck: { test: ['NONE'], intervalMs: 1000, timeoutMs: 1000, retries: 1, startPeriodMs: 0 },
      update: { ...START_FIRST, monitorMs: 50 },
      stopGracePeriodMs: 2000,
      ...options.service,
    },
  });
