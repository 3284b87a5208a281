import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

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

/**
 * The rooms of `rollout/`, and which of the others each may import. The files on top may import all of them, and all of
 * them may import these top files.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  acts: ['gate', 'files', 'images', 'record', 'ingresses', 'observe'],
  checks: ['record', 'observe'],
  record: ['gate', 'ingresses', 'observe'],
  gate: ['ingresses', 'observe'],
  files: ['images', 'observe'],
  images: ['observe'],
  ingresses: ['observe'],
  observe: [],
};
const ON_TOP = ['context.ts', 'prepare.ts'];

/** The only packages and Node modules that a floor may import; one that is not named may import any but the engine's. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  plan: ['node:crypto'],
  // For the type of a stream; to read and write addresses.
  model: ['node:stream', 'ipaddr.js'],
};

/** dockerode's types and errors stay behind one wall. */
const ENGINE_ONLY = /^(@types\/)?(dockerode|docker-modem)(\/|$)/;

interface SourceFile {
  /** Relative to src. */
  readonly path: string;
  readonly floor: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly string[];
  /** Those that are there when the program runs: not `import type`. */
  readonly loads: readonly string[];
}

const files: SourceFile[] = globSync('**/*.ts', { cwd: SOURCE }).map((path) => {
  const text = readFileSync(join(SOURCE, path), 'utf8');
  const imports = [...text.matchAll(/(?:^|\s)(?:import|export)\s[^'"();]*?from\s*['"]([^'"]+)['"]/g)]
    .concat([...text.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g)], [...text.matchAll(/^import\s+['"]([^'"]+)['"]/gm)])
    .map((match) => match[1] ?? '');
  const types = [...text.matchAll(/(?:^|\s)(?:import|export) type\s[^'"();]*?from\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1] ?? '',
  );
  const loads = imports.filter((name) => !types.includes(name));
  return {
    path,
    floor: path.includes('/') ? (path.split('/')[0] ?? '') : '',
    text,
    code: withoutComments(text),
    imports,
    loads,
  };
});

const isRelative = (name: string): boolean => name.startsWith('.');
const targetOf = (file: SourceFile, name: string): string => normalize(join(dirname(file.path), name));
const own = (file: SourceFile): string[] => file.imports.filter(isRelative).map((name) => targetOf(file, name));

describe('the sources', () => {
  it('are read at all', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(files.find(({ path }) => path === 'rollout/roll-out.ts')?.imports).toContain('../plan/plan-rollout.ts');
    expect(files.find(({ path }) => path === 'program.ts')?.imports).toContain('./commands/deploy.ts');
  });

  it('lie on the floors that are known', () => {
    expect([...new Set(files.map(({ floor }) => floor))].toSorted()).toEqual(['', ...Object.keys(FLOORS)].toSorted());
  });

  it('import downwards only', () => {
    const wrong = files.flatMap((file) =>
      own(file)
        .filter((target) => {
          const floor = target.includes('/') ? (target.split('/')[0] ?? '') : '';
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
      own(file)
        .filter((target) => target.startsWith('rollout/') && roomOf(target) !== roomOf(file.path))
        .filter((target) =>
          roomOf(target) === ''
            ? !ON_TOP.includes(target.slice('rollout/'.length))
            : !ROOMS[roomOf(file.path)]?.includes(roomOf(target)),
        )
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('import files that exist, by their whole name', () => {
    const paths = new Set(files.map(({ path }) => path));
    expect(files.flatMap((file) => own(file).filter((target) => !paths.has(target)))).toEqual([]);
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
        .filter((name) => !isRelative(name) && allowed !== undefined && !allowed.includes(name))
        .map((name) => `${path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(['process.', 'console.', 'Date.now', 'Math.random'])('leave %s to bin.ts and main.ts', (name) => {
    const used = new RegExp(`(?<![\\w.'"\`])${name.replace('.', '\\.')}`);
    expect(used.test(`;${name}now()`)).toBe(true);
    const edge = ['bin.ts', 'main.ts'];
    const users = files.filter(({ path, code }) => !edge.includes(path) && used.test(code)).map(({ path }) => path);
    expect(users).toEqual([]);
    expect(files.filter(({ imports }) => imports.includes('node:process'))).toEqual([]);
  });

  it('load nothing in a circle', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const byPath = new Map(files.map((file) => [file.path, file]));
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) return void circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      const file = byPath.get(path);
      if (file === undefined || done.has(path)) return;
      for (const target of file.loads.filter(isRelative).map((name) => targetOf(file, name)))
        visit(target, [...trail, path]);
      done.add(path);
    };
    for (const { path } of files) visit(path, []);
    expect(circles).toEqual([]);
  });

  it('have at most 250 lines a file', () => {
    expect(files.filter(({ text }) => text.split('\n').length > 251).map(({ path }) => path)).toEqual([]);
  });
});

/** Comments and the contents of strings say nothing of what the code uses. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
