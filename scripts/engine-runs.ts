import type { EngineVersion } from './engine-versions.ts';
import type { PrivateEngineOptions } from './private-engine.ts';

/** One engine of the matrix, with its tests. */
export interface EngineRun extends Pick<PrivateEngineOptions, 'config' | 'environment' | 'cgroupV2'> {
  readonly version: EngineVersion;
  /** Its settings in words; empty for an engine without settings. */
  readonly settings: string;
  /** Parts of the names of the test files to run after the smoke script. */
  readonly tests: readonly string[];
}

/** Every promise, and the tests that restart and kill an engine of this version. */
const PROMISES = ['.promise.test.ts', 'engine-restart.engine'];

/**
 * Every engine to test: each version without settings, with all promises, and the newest with common settings, with the
 * tests that these may affect.
 */
export const ENGINE_RUNS: readonly EngineRun[] = [
  { version: '20.10', settings: '', tests: PROMISES },
  { version: '26.1', settings: '', tests: PROMISES },
  { version: '28.5', settings: '', tests: [...PROMISES, 'live-restore.engine', 'out-of-reach.engine'] },
  {
    version: '28.5',
    // The closest to Engine 29, which has both by default.
    settings: 'containerd image store, API 1.44 and newer',
    config: { features: { 'containerd-snapshotter': true } },
    environment: { DOCKER_MIN_API_VERSION: '1.44' },
    // Tests of images, of files in containers, and of the API's answers.
    tests: ['no-request-lost', 'whole-project', 'user-files.promise', 'secrets.promise', 'outcome', 'unchanged'],
  },
  {
    version: '28.5',
    settings: 'no userland proxy, log driver local',
    config: { 'userland-proxy': false, 'log-driver': 'local' },
    // Tests of ports, addresses and logs.
    tests: ['no-request-lost', 'stable-address', 'restart.promise', 'discovered.promise', 'all-or-nothing'],
  },
  {
    version: '28.5',
    settings: 'live-restore, log driver none, cgroup v2',
    config: { 'live-restore': true, 'log-driver': 'none' },
    cgroupV2: true,
    // Several promises look for log lines, and this engine stores none.
    tests: [],
  },
];
