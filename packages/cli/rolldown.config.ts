import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'rolldown';
import license from 'rollup-plugin-license';

/** What the program reads at run time stands beside the bundle: the ingress's Dockerfile, and the demo: a Compose file with the API. */
const copyAssets: Plugin = {
  name: 'copy-assets',
  writeBundle() {
    cpSync('assets', 'dist/assets', { recursive: true });
    mkdirSync('dist/demo/packages/api/dist', { recursive: true });
    cpSync('demo/compose.yaml', 'dist/demo/compose.yaml');
    cpSync('../../Dockerfile.api', 'dist/demo/Dockerfile.api');
    cpSync('../api/dist/server.js', 'dist/demo/packages/api/dist/server.js');
  },
};

/** Its types describe an ES module, and it is a CommonJS one. */
const listLicenses = license as unknown as (options: { thirdParty: { output: string } }) => Plugin;

/** docker-modem loads ssh2 for every connection; lobbie's own go through the `ssh` program, with the user's settings. */
const withoutSsh2: Plugin = {
  name: 'without-ssh2',
  resolveId: (id) => (id === 'ssh2' ? '\0ssh2' : undefined),
  load: (id) => (id === '\0ssh2' ? 'export default {}' : undefined),
};

/** For Node it is a CommonJS one that looks at the environment at every token; for browsers the same as ES modules, without. */
const yamlAsModules: Plugin = {
  name: 'yaml-as-modules',
  resolveId: (id) =>
    id === 'yaml' ? fileURLToPath(import.meta.resolve('yaml').replace('/dist/', '/browser/dist/')) : undefined,
};

/**
 * docker-modem tells `debug` each request with its body, and so the secrets of every container. Nothing in the bundle
 * listens to DEBUG.
 */
const withoutDebug: Plugin = {
  name: 'without-debug',
  resolveId: (id) => (id === 'debug' ? '\0debug' : undefined),
  load: (id) => (id === '\0debug' ? 'module.exports = () => () => undefined' : undefined),
};

/** docker-modem writes out its options in full before every request, to tell them where nobody debugs: a tenth of a deploy that changes nothing. */
const withoutInspecting: Plugin = {
  name: 'without-inspecting',
  transform: (code, id) => {
    if (!id.endsWith('/docker-modem/lib/modem.js')) return undefined;
    const [statement] = /debug\('Sending: %s', util\.inspect\(options, \{[^}]*\}\)\);/.exec(code) ?? [];
    if (statement === undefined) throw new Error('docker-modem no longer inspects: remove without-inspecting');
    return { code: code.replace(statement, ''), map: null };
  },
};

/** An import of `node:http` looks at each of its exports, and that of WebSocket loads all of undici; `require` does not. */
const httpAlone: Plugin = {
  name: 'http-alone',
  resolveId: (id, importer) =>
    id === 'node:http' && importer !== undefined && importer.startsWith(SOURCES) ? '\0http' : undefined,
  load: (id) =>
    id === '\0http' ? "export const { Agent, request } = process.getBuiltinModule('node:http');" : undefined,
};

const SOURCES = fileURLToPath(new URL('src/', import.meta.url));

// Everything is bundled: installed, the command has no dependencies, and it loads in half the time.
export default defineConfig({
  input: { bin: 'src/bin.ts' },
  platform: 'node',
  plugins: [
    withoutSsh2,
    yamlAsModules,
    withoutDebug,
    withoutInspecting,
    httpAlone,
    listLicenses({ thirdParty: { output: 'dist/THIRD-PARTY-LICENSES.txt' } }),
    copyAssets,
  ],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', cleanDir: true },
});
