import { defineConfig } from 'rolldown';

/** Files that run on Node alone: the image is its base and these. */
export default defineConfig(
  ['server', 'migrate'].map((name) => ({
    input: `src/${name}.ts`,
    platform: 'node' as const,
    // Only there for those who install them: the driver in C, and sockets of an edge runtime.
    external: ['pg-native', 'pg-cloudflare'],
    output: { file: `dist/${name}.js`, format: 'esm' as const, codeSplitting: false },
  })),
);
