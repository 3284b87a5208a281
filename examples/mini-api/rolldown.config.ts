import { defineConfig } from 'rolldown';

/** One file that runs on Node alone: the image is its base and this file. */
export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  output: { file: 'dist/server.js', format: 'esm', codeSplitting: false },
});
