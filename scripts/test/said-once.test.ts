import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BASE_IMAGES } from '../../packages/cli/src/model/base-images.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const json = (path: string) => JSON.parse(read(path));

interface Mention {
  readonly path: string;
  readonly value: string;
}

/** Every place in the files of this clone that a pattern matches; fixtures of Compose files are other people's projects. */
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\0')
  .filter((path) => /\.(ts|mjs|ya?ml|sh|md|json)$|Dockerfile|^\.ci\//.test(path))
  .filter((path) => !path.includes('/fixtures/') && path !== 'pnpm-lock.yaml' && !path.endsWith('said-once.test.ts'));
const mentions = (pattern: RegExp): Mention[] =>
  tracked.flatMap((path) =>
    [...safeRead(path).matchAll(pattern)].map(([all, value = all]): Mention => ({ path, value })),
  );
function safeRead(path: string): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}

/** Where a value has to be spelt out: a Dockerfile and a Compose file read no other file, and people read docs. */
const MAY_REPEAT = /(^|\/)(Dockerfile[^/]*|compose\.yaml)$|\.md$/;

describe('what is said in one place', () => {
  it.each([
    ['node', /\bnode:\d+[\w.]*-[\w-]+/g],
    ['debian', /\bdebian:[a-z]+-slim\b/g],
  ] as const)(
    'has the base image of %s in one place, and the same in Dockerfiles, Compose files and docs',
    (name, pattern) => {
      const found = mentions(pattern);
      expect(found.filter(({ value }) => value !== BASE_IMAGES[name])).toEqual([]);
      const code = found.map(({ path }) => path).filter((path) => !MAY_REPEAT.test(path));
      expect([...new Set(code)]).toEqual(['packages/cli/src/model/base-images.ts']);
      expect(found.filter(({ path }) => MAY_REPEAT.test(path)).length).toBeGreaterThan(3);
    },
  );

  it('develops with the Node that the images have, and names its major version nowhere else', () => {
    const [, major] = /^node:(\d+)-/.exec(BASE_IMAGES.node) ?? [];
    expect(read('.node-version').trim()).toBe(major);
    expect(json('package.json').devDependencies.node).toMatch(new RegExp(`^${major}\\.`));
    expect(json('package.json').devDependencies['@types/node']).toBe(`^${major}.0.0`);
    expect(json('packages/api/package.json').engines.node).toBe(`>=${major}`);
    const workflows = mentions(/node-version: *(\S+)/g).filter(({ path }) => path.startsWith('.github/'));
    expect(workflows).toEqual([{ path: '.github/workflows/ci.yml', value: '22' }]);
  });

  it('names one oldest Node for users', () => {
    const oldest = json('packages/cli/package.json').engines.node.replace('>=', '');
    expect(json('package.json').engines.node).toBe(`>=${oldest}`);
    const named = mentions(/\bNode (\d+(?:\.\d+)+) or newer/g).filter(({ path }) =>
      /^(README|docs|packages\/cli\/README|\.ci)/.test(path),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(({ value }) => value !== oldest)).toEqual([]);
    expect(mentions(/\bNode 20 or newer/g)).toEqual([]);
  });

  it.each(['file-share', 'mini-api', 'things', 'tasks'])('publishes %s on one port', (name) => {
    const variable = `${name.toUpperCase().replace('-', '_')}_PORT`;
    const [, port = ''] = new RegExp(`\\$\\{${variable}:-(\\d+)\\}`).exec(read(`examples/${name}/compose.yaml`)) ?? [];
    expect(port).toMatch(/^\d+$/);
    const addresses = mentions(/\blocalhost:(\d{4,5})\b/g).filter(
      ({ path }) => path.startsWith(`examples/${name}/`) && /\.(md|http)$/.test(path),
    );
    expect(addresses.map(({ value }) => value)).toContain(port);
    const scripts = mentions(new RegExp(`\\b${port}\\b`, 'g')).filter(({ path }) => path.startsWith('scripts/'));
    expect(scripts).toEqual([]);
  });
});
