import { defineConfig } from 'rolldown';

/** One file that runs on Node alone: the image of the API is its base and this file. */
export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  output: {
    file: 'dist/server.js',
    format: 'esm',
    codeSplitting: false,
    banner: '#!/usr/bin/env node',
    comments: { legal: false, annotation: false, jsdoc: false },
  },
});
