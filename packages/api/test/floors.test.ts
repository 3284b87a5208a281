import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  circlesOf,
  clockUsers,
  floorOf,
  longFiles,
  ownImports,
  readSources,
  usersOf,
} from '../../../scripts/test/read-sources.ts';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/** The shell that every service can use knows nothing of lobbie's own API. */
const FLOORS: Readonly<Record<string, readonly string[]>> = { lobbie: ['service'], service: [] };

/** Where a program begins and ends: it reads the environment, prints errors and exits. */
const PROGRAMS = ['server.ts', 'service/run-job.ts', 'service/run-service.ts'];

/** Files that read a clock or set a timer themselves, and why. Do not add any: `nowMs` is passed in. */
const OWN_TIME: Readonly<Record<string, string>> = {
  'server.ts': 'passes the clock to all others',
  'lobbie/build-lobbie.ts': 'sweeps drafts again while it serves',
  'service/database-pool.ts': 'gives up closing connections to a silent server',
  'service/linger.ts': 'cuts connections that send on after their answer',
  'service/serve.ts': 'cuts connections that do not end at a shutdown',
};

const files = readSources(SOURCE);

describe('the sources of the API', () => {
  it('are read at all', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.find(({ path }) => path === 'server.ts')?.imports).toContain('./service/run-service.ts');
  });

  it('keep the shell of a service free of lobbie’s own part', () => {
    expect([...new Set(files.map(({ floor }) => floor))].toSorted()).toEqual(['', ...Object.keys(FLOORS)]);
    const wrong = files.flatMap((file) =>
      ownImports(file)
        .filter((target) => floorOf(target) !== file.floor && FLOORS[file.floor]?.includes(floorOf(target)) === false)
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('import nothing outside of the package, and only files that exist', () => {
    const targets = files.flatMap((file) => ownImports(file));
    expect(targets.filter((target) => target.startsWith('..') && target !== '../package.json')).toEqual([]);
    expect(targets.filter((target) => !existsSync(join(SOURCE, target)))).toEqual([]);
    const packages = files.flatMap(({ imports }) => imports.filter((name) => /^lobbie(\/|$)/.test(name)));
    expect(packages).toEqual([]);
  });

  it.each(['process.', 'console.'])('leave %s to the files that begin and end a program', (name) => {
    expect(usersOf(files, name).filter((path) => !PROGRAMS.includes(path))).toEqual([]);
    expect(files.filter(({ imports }) => imports.includes('node:process'))).toEqual([]);
  });

  it('read no clock and set no timer but where a connection or a listing needs one', () => {
    expect(clockUsers(files).toSorted()).toEqual(Object.keys(OWN_TIME).toSorted());
  });

  it('load nothing in a circle', () => {
    expect(circlesOf(files)).toEqual([]);
  });

  it('have at most 250 lines a file', () => {
    expect(longFiles(files)).toEqual([]);
  });
});
