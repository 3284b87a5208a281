import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  FIXTURE_HOME,
  type FixtureOptions,
  maskDirectory,
  readFixtureOptions,
} from '../../../../scripts/compose-fixture.ts';
import type { Problem } from '../../src/compose/problem.ts';
import { loadCompose } from '../../src/compose/read/load-compose.ts';
import { renderComposeConfig } from '../../src/compose/render/render-compose-config.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

const directories = globSync('**/{expected.json,expected-error.txt}', { cwd: FIXTURES })
  .map((path) => dirname(path))
  .toSorted();

async function read(directory: string, { cwd = '.', env, blockers: _, refused: __, ...rest }: FixtureOptions) {
  return loadCompose({ ...rest, cwd: join(directory, cwd), env: { HOME: FIXTURE_HOME, PATH: '/bin', ...env } });
}

/** `compose.yaml:2:7 services.api.init: what is wrong`, as `problems.txt` has it. */
function problemLine({ file, line, column, path, message }: Problem, directory: string): string {
  const place = file === undefined ? '' : relative(directory, file).replaceAll(sep, '/');
  const position = line === undefined ? place : `${place}:${line}:${column}`;
  return [position, path === '' ? '' : `${path}:`, maskDirectory(message, directory)].filter(Boolean).join(' ');
}

const linesOf = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);

describe('Compose files that docker compose has judged', () => {
  it('are found', () => {
    expect(directories.length).toBeGreaterThan(400);
  });

  it('have a problems.txt exactly if docker compose or lobbie refuses them', () => {
    const refused = directories.filter((name) => {
      const directory = join(FIXTURES, name);
      return existsSync(join(directory, 'expected-error.txt')) || readFixtureOptions(directory).refused !== undefined;
    });
    const told = globSync('**/problems.txt', { cwd: FIXTURES }).map((path) => dirname(path));
    expect(told.toSorted()).toEqual(refused);
    expect(told.filter((name) => linesOf(join(FIXTURES, name, 'problems.txt')).join('') === '')).toEqual([]);
  });

  it.each(directories)('%s', async (name) => {
    const directory = join(FIXTURES, name);
    const options = readFixtureOptions(directory);
    const { config, problems, blockers } = await read(directory, options);
    const expectedProblems = linesOf(join(directory, 'problems.txt'));
    expect(problems.map((problem) => problemLine(problem, directory))).toEqual(expectedProblems);
    if (expectedProblems.length > 0) return;
    expect(blockers.map(({ path }) => path)).toEqual(expect.arrayContaining([...(options.blockers ?? [])]));
    const expected: unknown = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'));
    const actual: unknown = JSON.parse(maskDirectory(renderComposeConfig(config, 'json'), directory));
    expect(actual).toEqual(expected);
  });
});
