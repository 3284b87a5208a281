import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { circlesOf, longFiles, ownImports, readSources, type SourceFile } from './read-sources.ts';

const SCRIPTS = fileURLToPath(new URL('..', import.meta.url));
const PRODUCT = '../packages/cli/src/';

/** Parts of the command that scripts may use. For everything else they run the command itself. */
const FLOORS = ['model', 'engine', 'compose', 'ingress', 'plan', 'real-clock.ts'];

/** What `npm start` and `npm test` run before the dependencies are installed, on any Node from 20.16. */
const EARLY = 'mjs';

const files = readSources(SCRIPTS, '{*,bench/**/*}.{ts,mjs}').filter(({ path }) => !path.endsWith('.d.mts'));
const named = (path: string): SourceFile | undefined => files.find((file) => file.path === path);

describe('the scripts', () => {
  it('are read at all', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(named('test.mjs')?.imports).toContain('./prepare.mjs');
    expect(named('race.ts')?.imports.some((name) => name.startsWith(PRODUCT))).toBe(true);
    expect(named('bench/bench.ts')?.imports.some((name) => name.startsWith(`../${PRODUCT}`))).toBe(true);
  });

  it('import files that exist, and no tests of scripts', () => {
    const targets = files.flatMap((file) => ownImports(file));
    expect(targets.filter((target) => !existsSync(join(SCRIPTS, target)))).toEqual([]);
    expect(targets.filter((target) => target.startsWith('test/'))).toEqual([]);
  });

  it('need nothing but Node where they run before the installation', () => {
    const wrong = files
      .filter(({ path }) => path.endsWith(EARLY))
      .flatMap(({ path, imports }) =>
        imports.filter((name) => !isEarly(name)).map((name) => `${path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('use the lower floors of the command only', () => {
    const wrong = files.flatMap((file) =>
      ownImports(file)
        .filter((target) => target.startsWith(PRODUCT))
        .filter((target) => !FLOORS.includes(target.slice(PRODUCT.length).split('/')[0] ?? ''))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('load nothing in a circle', () => {
    expect(circlesOf(files)).toEqual([]);
  });

  it('have at most 250 lines a file', () => {
    expect(longFiles(files)).toEqual([]);
  });
});

const isEarly = (name: string): boolean => name.startsWith('node:') || /^\.\/[\w-]+\.mjs$/.test(name);
