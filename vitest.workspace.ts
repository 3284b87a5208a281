import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/**
 * A guard against hanging, never a bar for speed: ten times what the slowest machine needed for its longest test. What
 * has to be fast is measured by `pnpm bench`.
 */
const HANG_GUARD = { testTimeout: 1_200_000, hookTimeout: 1_200_000 };
/** How long `expect.poll` waits for what is going to happen. */
const PATIENCE = { poll: { timeout: 300_000, interval: 50 } };
const UNIT = '{packages/*,examples/*,scripts}/test/**/*';
/** What fails or is killed at one call to the engine of several in `unit`, at every one in `long`. */
const AT_EVERY_CALL = ['packages/cli/test/rollout/{roll-out,stop-first}.test.ts'];
/** Tests of properties: the same values every time in `unit`, other values every time in `long`. */
const PROPERTIES = globSync('{packages/*,examples/*,scripts}/test/**/*.test.ts').filter((path) =>
  readFileSync(path, 'utf8').includes('/seeded-fast-check.ts'),
);
const COMMON = { ...HANG_GUARD, expect: PATIENCE, maxWorkers: 2, maxConcurrency: 2 };

/**
 * Three projects. `npm test` runs the first two, `pnpm test:long` the third:
 *
 * - `unit` needs nothing but Node;
 * - `promises` proves each promise once on a real engine: one file a promise, `<promise>.promise.test.ts`;
 * - `long` has the variants, hundreds of repetitions, a kill at every step: `*.engine.test.ts`, and `*.long.test.ts`
 *   for what needs no engine.
 *
 * Engine tests wait more than they work, so two files run side by side, and so do two tests of
 * a file that says `it.concurrent`; more would only make each other slow.
 */
export default defineConfig({
  test: {
    // One line a file: a test that takes long is not listed by itself.
    slowTestThreshold: Number.POSITIVE_INFINITY,
    // `pnpm coverage` reports it. No threshold: what a test covers is for a reader to judge.
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        test: {
          ...COMMON,
          name: 'unit',
          include: [`${UNIT}.test.ts`],
          exclude: ['**/node_modules/**', '**/*.{engine,promise,long}.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...COMMON,
          name: 'promises',
          include: ['packages/*/test/promises/*.promise.test.ts'],
          globalSetup: ['packages/cli/test/run/leave-nothing.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...COMMON,
          name: 'long',
          include: ['packages/*/test/**/*.engine.test.ts', `${UNIT}.long.test.ts`, ...AT_EVERY_CALL, ...PROPERTIES],
          exclude: ['**/node_modules/**'],
          env: { LOBBIE_EVERY_CALL: 'yes', LOBBIE_SEED: process.env.LOBBIE_SEED ?? 'random' },
          globalSetup: ['packages/cli/test/run/leave-nothing.ts'],
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
