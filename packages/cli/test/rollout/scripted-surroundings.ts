import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../src/model/engine.ts';
import type { Surroundings } from '../../src/rollout/context.ts';

let releases = 0;

/** What a command runs with on a scripted engine. Each release is later than all before it, so that what is left of a lease is old. */
export const scriptedSurroundings = (engine: Engine, change: Partial<Surroundings> = {}): Surroundings => ({
  engine,
  clock: {
    now: () => releases * 60_000 + performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
  },
  report: () => undefined,
  signal: new AbortController().signal,
  newRelease: () => `r${++releases}`,
  holder: 'test',
  ingressBuild: {
    context: fileURLToPath(new URL('../../assets/', import.meta.url)),
    dockerfile: 'Dockerfile.ingress',
    args: {},
  },
  ...change,
});
