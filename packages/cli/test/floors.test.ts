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

/** What each floor may import of the others. What lies in no folder is the top floor: it may import all. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  commands: ['report', 'rollout', 'plan', 'compose', 'ledger', 'engine', 'ingress', 'model'],
  report: ['model'],
  // Planning happens again under the lease, and once more to undo: so the floor that applies plans asks for them.
  rollout: ['plan', 'ledger', 'engine', 'ingress', 'model'],
  plan: ['model'],
  compose: ['model'],
  ledger: ['model'],
  engine: ['model'],
  ingress: ['model'],
  model: [],
};

/** The rooms of `rollout/`, and which of the others each may import. The files on top may import all of them. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  acts: ['gate', 'files', 'images', 'record', 'ingresses', 'observe', 'given'],
  checks: ['record', 'observe', 'given'],
  record: ['gate', 'ingresses', 'observe', 'given'],
  gate: ['ingresses', 'observe', 'given'],
  files: ['images', 'observe', 'given'],
  images: ['observe', 'given'],
  ingresses: ['observe', 'given'],
  observe: ['given'],
  given: [],
};

/** The only packages and Node modules that a floor may import; one that is not named may import any but the engine's. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  plan: ['node:crypto'],
  // For the type of a stream; to read and write addresses.
  model: ['node:stream', 'ipaddr.js'],
};

/** dockerode's types and errors stay behind one wall. */
const ENGINE_ONLY = /^(@types\/)?(dockerode|docker-modem)(\/|$)/;

/**
 * Files that read a clock or set a timer themselves, and why. All others take a `Clock`. Remove an entry once its file
 * takes one too; do not add any.
 */
const OWN_TIME: Readonly<Record<string, string>> = {
  'real-clock.ts': 'is the clock that all others take',
  'engine/ssh-connection.ts': 'not a timer: a method of that name, as sockets have it',
};

const files = readSources(SOURCE);

describe('the sources', () => {
  it('are read at all', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(files.find(({ path }) => path === 'rollout/prepare.ts')?.imports).toContain('../plan/plan-rollout.ts');
    expect(files.find(({ path }) => path === 'program.ts')?.imports).toContain('./commands/deploy.ts');
  });

  it('lie on the floors that are known', () => {
    expect([...new Set(files.map(({ floor }) => floor))].toSorted()).toEqual(['', ...Object.keys(FLOORS)].toSorted());
  });

  it('import downwards only', () => {
    const wrong = files.flatMap((file) =>
      ownImports(file)
        .filter((target) => {
          const floor = floorOf(target);
          return file.floor !== '' && floor !== file.floor && !FLOORS[file.floor]?.includes(floor);
        })
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('import in one direction between the rooms of rollout/', () => {
    const roomOf = (path: string): string => /^rollout\/([^/]+)\//.exec(path)?.[1] ?? '';
    const inRooms = files.filter(({ path }) => roomOf(path) !== '');
    expect([...new Set(inRooms.map(({ path }) => roomOf(path)))].toSorted()).toEqual(Object.keys(ROOMS).toSorted());
    const wrong = inRooms.flatMap((file) =>
      ownImports(file)
        .filter((target) => target.startsWith('rollout/') && roomOf(target) !== roomOf(file.path))
        .filter((target) => !ROOMS[roomOf(file.path)]?.includes(roomOf(target)))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('import nothing of the tests, the scripts or another package', () => {
    const outside = files.flatMap((file) => ownImports(file).filter((target) => target.startsWith('..')));
    expect(outside).toEqual([]);
  });

  it('import files that exist, by their whole name', () => {
    const paths = new Set(files.map(({ path }) => path));
    expect(files.flatMap((file) => ownImports(file).filter((target) => !paths.has(target)))).toEqual([]);
  });

  it('speak to dockerode in engine/ only', () => {
    const speakers = files.filter(({ imports }) => imports.some((name) => ENGINE_ONLY.test(name)));
    expect(speakers.length).toBeGreaterThan(0);
    expect(speakers.filter(({ floor }) => floor !== 'engine').map(({ path }) => path)).toEqual([]);
  });

  it('do no input or output where they are pure', () => {
    const wrong = files.flatMap(({ path, floor, imports }) => {
      const allowed = PACKAGES[floor];
      return imports
        .filter((name) => !name.startsWith('.') && allowed !== undefined && !allowed.includes(name))
        .map((name) => `${path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(['process.', 'console.', 'Math.random'])('leave %s to bin.ts and main.ts', (name) => {
    const edge = ['bin.ts', 'main.ts'];
    expect(usersOf(files, name).filter((path) => !edge.includes(path))).toEqual([]);
    expect(files.filter(({ imports }) => imports.includes('node:process'))).toEqual([]);
  });

  it('read no clock and set no timer but through Clock', () => {
    expect(clockUsers(files).toSorted()).toEqual(Object.keys(OWN_TIME).toSorted());
  });

  it('load nothing in a circle', () => {
    expect(circlesOf(files)).toEqual([]);
  });

  it('have at most 250 lines a file', () => {
    expect(longFiles(files)).toEqual([]);
  });
});
