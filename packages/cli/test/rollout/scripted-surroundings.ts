import { fileURLToPath } from 'node:url';
import type { Engine } from '../../src/model/engine.ts';
import { createSecretMask } from '../../src/model/secret-mask.ts';
import { realClock } from '../../src/real-clock.ts';
import type { Surroundings } from '../../src/rollout/given/surroundings.ts';

let releases = 0;

/** Nothing on a scripted engine takes time: what a command waits for with patience passes so many times as fast. */
const FASTER = 20;

/** What a command runs with on a scripted engine. Each release is later than all before it, so that what is left of a lease is old. */
export const scriptedSurroundings = (engine: Engine, change: Partial<Surroundings> = {}): Surroundings => ({
  engine,
  clock: {
    ...realClock,
    now: () => releases * 60_000 + performance.now() * FASTER,
    sleep: (ms, signal) => realClock.sleep(ms / FASTER, signal),
  },
  report: () => undefined,
  signal: new AbortController().signal,
  secrets: createSecretMask(),
  newRelease: () => `r${++releases}`,
  holder: 'test',
  ingressBuild: {
    context: fileURLToPath(new URL('../../assets', import.meta.url)),
    dockerfile: 'Dockerfile.ingress',
    args: {},
  },
  ...change,
});
