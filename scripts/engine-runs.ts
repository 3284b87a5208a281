import type { EngineVersion } from './engine-versions.ts';
import type { PrivateEngineOptions } from './private-engine.ts';

/** One engine of the matrix, and what runs against it. */
export interface EngineRun extends Pick<PrivateEngineOptions, 'config' | 'environment' | 'cgroupV2'> {
  readonly version: EngineVersion;
  /** How it differs from an engine without any settings; empty where it does not. */
  readonly settings: string;
  /** What the names of the test files contain that run after the smoke script. */
  readonly tests: readonly string[];
}

/** Every promise, and an engine of this version that is restarted and killed. */
const PROMISES = ['.promise.test.ts', 'engine-restart.engine'];

/**
 * Every engine that is tested: each version as it comes, with all promises, and the newest with the settings that people
 * choose, with those that these may touch.
 */
export const ENGINE_RUNS: readonly EngineRun[] = [
  { version: '20.10', settings: '', tests: PROMISES },
  { version: '26.1', settings: '', tests: PROMISES },
  { version: '28.5', settings: '', tests: [...PROMISES, 'live-restore.engine', 'out-of-reach.engine'] },
  {
    version: '28.5',
    // The nearest to Engine 29, which has both by default.
    settings: 'containerd image store, API 1.44 and newer',
    config: { features: { 'containerd-snapshotter': true } },
    environment: { DOCKER_MIN_API_VERSION: '1.44' },
    // What has to do with images, with files in containers, and with what the API answers.
    tests: ['no-request-lost', 'whole-project', 'user-files.promise', 'secrets.promise', 'outcome', 'unchanged'],
  },
  {
    version: '28.5',
    settings: 'no userland proxy, log driver local',
    config: { 'userland-proxy': false, 'log-driver': 'local' },
    // What has to do with ports, with addresses, and with logs.
    tests: ['no-request-lost', 'stable-address', 'restart.promise', 'discovered.promise', 'all-or-nothing'],
  },
  {
    version: '28.5',
    settings: 'live-restore, log driver none, cgroup v2',
    config: { 'live-restore': true, 'log-driver': 'none' },
    cgroupV2: true,
    // Of the promises, several look for lines in logs, and there are none.
    tests: [],
  },
];
