import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs nothing but Node, `engine` a Docker Engine. Engine tests wait more
 * than they work, so two files run side by side; more would only make each other slow.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,examples}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.engine.test.ts'],
        },
      },
      {
        test: {
          name: 'engine',
          include: ['packages/*/test/**/*.engine.test.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
