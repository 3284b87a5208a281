import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** Puts what the program reads at run time beside the bundle: the ingress's Dockerfile, and the demo's with its API. */
const copyAssets = {
  name: 'copy-assets',
  buildStart() {
    rmSync('dist', { recursive: true, force: true });
  },
  writeBundle() {
    mkdirSync('dist/demo/packages/api/dist', { recursive: true });
    cpSync('assets', 'dist/assets', { recursive: true });
    cpSync('../../Dockerfile.api', 'dist/demo/Dockerfile.api');
    cpSync('../api/dist/server.js', 'dist/demo/packages/api/dist/server.js');
  },
};

export default defineConfig({
  input: { bin: 'src/bin.ts' },
  platform: 'node',
  external: [/^[^./]/],
  plugins: [copyAssets],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', cleanDir: true },
});
