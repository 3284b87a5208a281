import type { EngineVersion } from './engine-versions.ts';
import type { PrivateEngineOptions } from './private-engine.ts';

/** One engine of the matrix, and what runs against it. */
export interface EngineRun extends Pick<PrivateEngineOptions, 'config' | 'environment' | 'cgroupV2'> {
  readonly version: EngineVersion;
  /** How it differs from an engine without any settings; empty where it does not. */
  readonly settings: string;
  /** The tests of the promises, unless they need what the settings take away. */
  readonly promises: boolean;
}

/** Every engine that is tested: each version as it comes, and the newest with the settings that people choose. */
export const ENGINE_RUNS: readonly EngineRun[] = [
  { version: '20.10', settings: '', promises: true },
  { version: '26.1', settings: '', promises: true },
  { version: '28.5', settings: '', promises: true },
  {
    version: '28.5',
    // The nearest to Engine 29, which has both by default.
    settings: 'containerd image store, API 1.44 and newer',
    config: { features: { 'containerd-snapshotter': true } },
    environment: { DOCKER_MIN_API_VERSION: '1.44' },
    promises: true,
  },
  {
    version: '28.5',
    settings: 'no userland proxy, log driver local',
    config: { 'userland-proxy': false, 'log-driver': 'local' },
    promises: true,
  },
  {
    version: '28.5',
    settings: 'live-restore, log driver none, cgroup v2',
    config: { 'live-restore': true, 'log-driver': 'none' },
    cgroupV2: true,
    // Several look for lines in logs, and there are none.
    promises: false,
  },
];
