import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs nothing but Node, `engine` a Docker Engine. Engine tests run one file at a time: each
 * measures a real engine under load, and two of them on one machine would measure each other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.engine.test.ts'],
        },
      },
      {
        test: {
          name: 'engine',
          include: ['packages/*/test/**/*.engine.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
