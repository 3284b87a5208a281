import { expect, it } from 'vitest';
import { problemLine, problemsError } from '../../src/commands/compose-problems.ts';
import type { Problem } from '../../src/compose/problem.ts';
import type { LoadedCompose } from '../../src/compose/read/load-compose.ts';

const loaded = (...files: string[]): LoadedCompose => ({
  config: { name: 'p', services: {} },
  files,
  directory: '/srv/shop',
  problems: [],
  blockers: [],
  warnings: [],
  names: [],
  inactive: [],
  offProfiles: [],
  externalVolumes: [],
  environment: {},
  keptValues: new Map(),
  locate: () => undefined,
});
const at = (line: number, column: number, path: string, more: Partial<Problem> = {}): Problem => ({
  path,
  message: `is wrong`,
  file: '/srv/shop/compose.yaml',
  line,
  column,
  ...more,
});

it('lists all problems in the order of the files, each with its place and what to write instead', () => {
  const problems = [
    at(9, 1, 'services.b'),
    at(2, 5, 'services.a', { hint: 'Write x.' }),
    at(1, 1, 'services.c', { file: '/srv/shop/compose.override.yaml' }),
    { path: '', message: 'is all wrong' },
  ];
  const error = problemsError(problems, loaded('/srv/shop/compose.yaml', '/srv/shop/compose.override.yaml'), {
    cwd: '/srv/shop',
  });
  expect(error).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'The Compose files have 4 problems.',
    details: [
      'is all wrong',
      'compose.yaml:2:5 services.a: is wrong',
      '  Write x.',
      'compose.yaml:9:1 services.b: is wrong',
      'compose.override.yaml:1:1 services.c: is wrong',
    ],
  });
});

it('says how many more there are than anybody reads', () => {
  const problems = Array.from({ length: 1000 }, (_, index) => at(index + 1, 1, 'services.a'));
  const { message, details } = problemsError(problems, loaded('/srv/shop/compose.yaml'), { cwd: '/srv/shop' });
  expect(message).toBe('compose.yaml has 1000 problems.');
  expect(details).toHaveLength(51);
  expect(details.at(-1)).toBe('and 950 more');
});

it.each([
  ['/srv/shop/web', '../compose.yaml:2:5 services.a: is wrong'],
  ['/home/me', '/srv/shop/compose.yaml:2:5 services.a: is wrong'],
])('names the file as seen from %s', (cwd, line) => {
  expect(problemLine(at(2, 5, 'services.a'), cwd)).toBe(line);
});

it.each([
  [{}, 'lobbie config'],
  [{ files: ['a.yaml', 'my b.yaml'] }, "lobbie config -f a.yaml -f 'my b.yaml'"],
  [{ files: ['-'], envFiles: ['x.env'], profiles: ['dev'] }, 'lobbie config -f - --env-file x.env --profile dev'],
])('says how to look at what was read with %j', (options, command) => {
  const { hint } = problemsError([at(2, 5, 'services.a')], loaded(), { cwd: '/srv/shop', ...options });
  expect(hint).toBe(`Fix it, then check with: ${command}`);
});

it('says which named files do not exist, when nothing else is wrong', () => {
  const missing = (file: string): Problem => ({ path: '', message: `there is no file ${file}`, missingFile: file });
  const both = [missing('/srv/shop/a.yaml'), missing('/etc/b.yaml')];
  expect(problemsError(both.slice(0, 1), loaded(), { cwd: '/srv/shop' })).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'Compose file not found: a.yaml.',
    details: ['/srv/shop/a.yaml'],
    hint: 'Check -f, or COMPOSE_FILE in the environment or in .env.',
  });
  expect(problemsError(both, loaded(), { cwd: '/srv/shop' }).message).toBe(
    'Compose files not found: a.yaml, /etc/b.yaml.',
  );
  expect(problemsError([...both, at(2, 5, 'services.a')], loaded(), { cwd: '/srv/shop' }).hint).toBe(
    'Fix them, then check with: lobbie config',
  );
});
