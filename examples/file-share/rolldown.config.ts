import { cpSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** One file that runs on Node alone, and beside it what its page is made of: the image is its base and these. */
export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  output: { file: 'dist/server.js', format: 'esm', codeSplitting: false },
  plugins: [
    { name: 'copy-page', writeBundle: () => cpSync('src/page', 'dist/page', { recursive: true, force: true }) },
  ],
});
