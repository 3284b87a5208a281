import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import config from '../../rolldown.config.ts';
import { buildCommand } from './build-command.ts';

const DIST = dirname(await buildCommand());
const DOCKERODE = dirname(createRequire(import.meta.url).resolve('dockerode/package.json'));

/** What the files of a directory say that fits. */
const found = (directory: string, pattern: RegExp): string[] =>
  globSync('**/*.{js,cjs,mjs}', { cwd: directory }).filter((file) =>
    pattern.test(readFileSync(join(directory, file), 'utf8')),
  );

describe('the built command', () => {
  it.each([
    ['gRPC', /@grpc\/|proto-loader|loadPackageDefinition/, ['lib/session.js']],
    ['a file of Protocol Buffers that it would load', /\.proto['"`]/, ['lib/buildkit.js', 'lib/session.js']],
  ])('holds no %s, as dockerode does', (_what, pattern, inDockerode) => {
    expect(found(DOCKERODE, pattern).toSorted()).toEqual(inDockerode);
    expect(found(DIST, pattern)).toEqual([]);
    expect(globSync('**/*.proto', { cwd: DIST })).toEqual([]);
  });

  it('consists of dockerode and docker-modem, without what they bring along', () => {
    const names = readFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), 'utf8').match(/^Name: .*$/gm) ?? [];
    expect(names).toEqual(expect.arrayContaining(['Name: dockerode', 'Name: docker-modem']));
    const others = ['@grpc/grpc-js', '@grpc/proto-loader', 'ssh2', 'cpu-features', 'readable-stream', 'split-ca'];
    expect(names.filter((name) => others.includes(name.replace('Name: ', '')))).toEqual([]);
  });
});

describe('the build', () => {
  const leaveOut = (config as { readonly plugins: readonly Plugin[] }).plugins.find(({ name }) => name === 'leave-out');

  /** Builds a program that is this text, with the plugin alone. */
  async function build(files: Readonly<Record<string, string>>): Promise<string> {
    const virtual: Plugin = {
      name: 'virtual',
      resolveId: (id) => (files[id] === undefined ? undefined : id),
      load: (id) => files[id],
    };
    const bundle = await rolldown({ input: '/main.js', plugins: [leaveOut, virtual] });
    const { output } = await bundle.generate({ format: 'esm' });
    return output[0].code;
  }

  it('fails when a module that it leaves out is not imported any more', async () => {
    await expect(build({ '/main.js': 'export const nothing = 1;' })).rejects.toThrow(
      /dockerode\/lib\/docker\.js no longer imports \.\/session/,
    );
  });
});
