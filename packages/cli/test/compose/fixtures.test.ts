import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  FIXTURE_HOME,
  type FixtureOptions,
  maskDirectory,
  readFixtureOptions,
} from '../../../../scripts/compose-fixture.ts';
import { loadCompose } from '../../src/compose/read/load-compose.ts';
import { renderConfig } from '../../src/compose/render/render-config.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

const directories = globSync('**/{expected.json,expected-error.txt}', { cwd: FIXTURES })
  .map((path) => dirname(path))
  .toSorted();

/** Where lobbie prints something else, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'floats-for-integers': 'a size written as 1.0 or 1e3 is that many bytes; docker compose forgets it',
};

async function read(directory: string, { cwd = '.', env, blockers: _, refused: __, ...rest }: FixtureOptions) {
  return loadCompose({ ...rest, cwd: join(directory, cwd), env: { HOME: FIXTURE_HOME, PATH: '/bin', ...env } });
}

describe('Compose files that docker compose has judged', () => {
  it('are found', () => {
    expect(directories.length).toBeGreaterThan(200);
  });

  it.each(directories)('%s', async (name) => {
    const directory = join(FIXTURES, name);
    const options = readFixtureOptions(directory);
    const { config, problems, blockers } = await read(directory, options);
    if (options.refused !== undefined) expect(problems.map(({ path }) => path)).toContain(options.refused);
    else if (existsSync(join(directory, 'expected-error.txt'))) expect(problems).not.toEqual([]);
    else {
      expect(problems).toEqual([]);
      expect(blockers.map(({ path }) => path)).toEqual(expect.arrayContaining([...(options.blockers ?? [])]));
      const expected: unknown = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'));
      const actual: unknown = JSON.parse(maskDirectory(renderConfig(config, 'json'), directory));
      if (OTHERWISE[name] === undefined) expect(actual).toEqual(expected);
      else expect(actual).not.toEqual(expected);
    }
  });
});
