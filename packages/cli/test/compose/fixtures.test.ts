import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FIXTURE_HOME, type FixtureOptions, maskDirectory, readFixtureOptions } from '../../../../scripts/compose-fixture.ts';
import { loadCompose } from '../../src/compose/load-compose.ts';
import { renderConfig } from '../../src/compose/render-config.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

const directories = globSync('**/{expected.json,expected-error.txt}', { cwd: FIXTURES })
  .map((path) => dirname(path))
  .toSorted();

async function read(directory: string, options: FixtureOptions) {
  const { cwd = '.', env, ...rest } = options;
  return loadCompose({ ...rest, cwd: join(directory, cwd), env: { HOME: FIXTURE_HOME, PATH: '/bin', ...env } });
}

describe('Compose files that docker compose has judged', () => {
  it('are found', () => {
    expect(directories.length).toBeGreaterThan(200);
  });

  it.each(directories)('%s', async (name) => {
    const directory = join(FIXTURES, name);
    const options = readFixtureOptions(directory);
    const { config, problems } = await read(directory, options);
    if (existsSync(join(directory, 'expected-error.txt')) || options.refused !== undefined) {
      expect(problems).not.toEqual([]);
      return;
    }
    expect(problems).toEqual([]);
    const expected: unknown = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'));
    expect(JSON.parse(maskDirectory(renderConfig(config, 'json'), directory))).toEqual(expected);
  });
});
