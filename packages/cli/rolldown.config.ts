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

/** Modules that dockerode and docker-modem load at once and lobbie never uses: the file that imports each, and its name there. */
const LEFT_OUT: readonly (readonly [importer: string, name: string])[] = [
  // gRPC, for a build session. lobbie builds without one.
  ['/dockerode/lib/docker.js', './session'],
  ['/dockerode/lib/docker.js', './buildkit'],
  // To pack a build context. lobbie packs its own.
  ['/dockerode/lib/util.js', '@balena/dockerignore'],
  ['/dockerode/lib/util.js', 'tar-fs'],
  ['/dockerode/lib/util.js', 'zlib'],
  // ssh2 and cpu-features. lobbie connects with the `ssh` program, which knows the user's settings and keys.
  ['/docker-modem/lib/modem.js', './ssh'],
  // To send requests and to read answers. lobbie's own modem does that.
  ['/docker-modem/lib/modem.js', './http'],
  ['/docker-modem/lib/modem.js', './http_duplex'],
  // To read DOCKER_CERT_PATH. lobbie has read it already.
  ['/docker-modem/lib/modem.js', 'split-ca'],
];

/** Replaces these modules by ones that throw when they are used. The build fails when one of the imports is gone. */
const leaveOut = (): Plugin => {
  const missing = new Set(LEFT_OUT);
  return {
    name: 'leave-out',
    resolveId(id, importer) {
      const found = LEFT_OUT.find(([file, name]) => id === name && importer?.replaceAll('\\', '/').endsWith(file));
      if (found === undefined) return undefined;
      missing.delete(found);
      return `\0left-out:${id}`;
    },
    load(id) {
      if (!id.startsWith('\0left-out:')) return undefined;
      const message = `lobbie is built without ${id.slice('\0left-out:'.length)}.`;
      return `
        const fail = () => { throw new Error(${JSON.stringify(message)}); };
        module.exports = new Proxy(fail, { get: fail });
      `;
    },
    buildEnd(error) {
      if (error) return;
      for (const [file, name] of missing) throw new Error(`${file} no longer imports ${name}: correct LEFT_OUT.`);
    },
  };
};

/** For Node it is a CommonJS one that looks at the environment at every token; for browsers the same as ES modules, without. */
const yamlAsModules: Plugin = {
  name: 'yaml-as-modules',
  resolveId: (id) =>
    id === 'yaml' ? fileURLToPath(import.meta.resolve('yaml').replace('/dist/', '/browser/dist/')) : undefined,
};

/** docker-modem prepares `debug` when it is loaded. Only its own requests would use it, and lobbie sends them itself. */
const withoutDebug: Plugin = {
  name: 'without-debug',
  resolveId: (id) => (id === 'debug' ? '\0debug' : undefined),
  load: (id) => (id === '\0debug' ? 'module.exports = () => () => undefined' : undefined),
};

/** An import of `node:http` looks at each of its exports, and that of WebSocket loads all of undici; `require` does not. */
const httpAlone: Plugin = {
  name: 'http-alone',
  resolveId: (id, importer) =>
    id === 'node:http' && importer !== undefined && importer.startsWith(SOURCES) ? '\0http' : undefined,
  load: (id) =>
    id === '\0http' ? "export const { Agent, request } = process.getBuiltinModule('node:http');" : undefined,
};

/**
 * An import of a module of Node looks at each of its exports, and some of these load further modules. `getBuiltinModule`
 * looks at none. Not in the first file: it has to tell users of an older Node, which has no such function.
 */
const builtinsAlone: Plugin = {
  name: 'builtins-alone',
  renderChunk: (code, { isEntry }) =>
    isEntry
      ? undefined
      : code.replace(/^import (\w+)?(?:, )?(\{[^}]*\})? from "(node:[\w/]+)";$/gm, (_, whole, names, module) =>
          [
            ...(whole === undefined ? [] : [`const ${whole} = process.getBuiltinModule("${module}");`]),
            ...(names === undefined
              ? []
              : [`const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule("${module}");`]),
          ].join(' '),
        ),
};

/**
 * string-width and what uses it prepare expressions over all of Unicode when they are loaded, which takes 30 ms. Makes
 * each of them when it is first used: most output is ASCII and needs none. The build fails when it finds none.
 */
const unicodeLater = (): Plugin => {
  const found = new Set<string>();
  return {
    name: 'unicode-later',
    transform: {
      filter: { id: /node_modules[\\/](?:string-width|slice-ansi|wrap-ansi)[\\/][^\\/]*\.js$/ },
      handler(code, id) {
        const made = [...code.matchAll(/^const (\w+) = (new (?:RegExp|Intl\.Segmenter)\(.*\)|\/.*\/\w*);$/gm)];
        if (made.length > 0) found.add(id);
        return made.reduce(
          (text, [line, name, value]) =>
            text
              .replace(line, '')
              .replaceAll(new RegExp(`\\b${name}\\b`, 'g'), () => `${name}()`)
              .concat(`\nlet ${name}$made;\nfunction ${name}() { return (${name}$made ??= ${value}); }\n`),
          code,
        );
      },
    },
    buildEnd(error) {
      if (!error && found.size === 0) throw new Error('string-width prepares nothing any more: remove unicodeLater.');
    },
  };
};

const SOURCES = fileURLToPath(new URL('src/', import.meta.url));

// Everything is bundled: installed, the command has no dependencies, and it loads in half the time.
export default defineConfig({
  input: { bin: 'src/bin.ts' },
  platform: 'node',
  plugins: [
    leaveOut(),
    yamlAsModules,
    withoutDebug,
    httpAlone,
    builtinsAlone,
    unicodeLater(),
    listLicenses({ thirdParty: { output: 'dist/THIRD-PARTY-LICENSES.txt' } }),
    copyAssets,
  ],
  output: {
    dir: 'dist',
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: true,
    minify: { compress: true, mangle: false, codegen: true },
  },
});
