// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose files, not of this program
import { describe, expect, it } from 'vitest';
import type { LoadedCompose } from '../../../src/compose/read/load-compose.ts';
import { loadFrom, problemLines } from '../load-from.ts';

const A = 'services: {a: {image: x}}';

const warningLines = ({ warnings }: LoadedCompose): string[] => problemLines({ problems: warnings });

describe('include', () => {
  it('reports the problems of all files at once, each with its file', async () => {
    const loaded = await loadFrom({
      '/app/compose.yaml': 'include: [sub/a.yaml, b.yaml, gone.yaml]\nservices: {z: {imagee: z}}\n',
      '/app/sub/a.yaml': 'services:\n  a: {image: x, ports: ["a:b"]}\n',
      '/app/b.yaml': 'include: [c.yaml]\nservices: {b: {image: "${B:?say B}"}}\n',
      '/app/c.yaml': 'foo: 1\n',
    });
    expect(problemLines(loaded)).toEqual([
      'compose.yaml:1:31 include[2]: there is no file /app/gone.yaml',
      'compose.yaml:2:16 services.z.imagee: unknown key; did you mean "image"?',
      expect.stringMatching(/^a\.yaml:2:25 services\.a\.ports\[0\]: /),
      'b.yaml:2:16 services.b.image: required variable B is missing a value: say B',
      'c.yaml:1:1 foo: unknown key',
    ]);
  });

  it('reports a problem of a file once if it is included twice', async () => {
    const loaded = await loadFrom({
      '/app/compose.yaml': 'include: [a.yaml, a.yaml]',
      '/app/a.yaml': 'services: {a: {image: 5}}',
    });
    expect(problemLines(loaded)).toEqual(['a.yaml:1:16 services.a.image: expected text, got 5']);
  });

  it('reports the same mistake in two files twice', async () => {
    const loaded = await loadFrom({ '/app/compose.yaml': 'include: [a.yaml]\nfoo: 1', '/app/a.yaml': `${A}\nfoo: 2` });
    expect(problemLines(loaded)).toEqual(['compose.yaml:2:1 foo: unknown key', 'a.yaml:2:1 foo: unknown key']);
  });

  it('finds problems of the whole project in the included files', async () => {
    const loaded = await loadFrom({
      '/app/compose.yaml': 'include: [a.yaml]\nservices: {z: {image: z}}',
      '/app/a.yaml': 'services:\n  a: {image: x, depends_on: [nobody], volumes: ["data:/data"]}',
    });
    expect(problemLines(loaded).map((line) => line.slice(0, line.indexOf(': ')))).toEqual([
      'a.yaml:2:30 services.a.depends_on.nobody',
      'a.yaml:2:49 services.a.volumes',
    ]);
  });

  it.each([
    [
      'the file and an included one',
      'include: [a.yaml]\nservices: {a: {image: y}}',
      'compose.yaml:2:12 services.a: is defined differently here and in /app/a.yaml:1:12',
    ],
    [
      'two included files',
      'include: [b.yaml, a.yaml]',
      'b.yaml:2:4 services.a: is defined differently here and in /app/a.yaml:1:12',
    ],
    [
      'one file with two project directories',
      'include: [c.yaml, {path: c.yaml, project_directory: /srv}]',
      'c.yaml:1:12 services.c: is included twice with different definitions',
    ],
    [
      'a volume of both',
      'include: [a.yaml]\nvolumes: {data: {external: true}}',
      'compose.yaml:2:11 volumes.data: is defined differently here and in /app/a.yaml:2:11',
    ],
  ])('names both places of a conflict: %s', async (_, text, line) => {
    const loaded = await loadFrom({
      '/app/compose.yaml': text,
      '/app/a.yaml': `${A}\nvolumes: {data: }`,
      '/app/b.yaml': 'services:\n  {a: {image: y}}',
      '/app/c.yaml': 'services: {c: {build: .}}',
    });
    expect(problemLines(loaded)).toEqual([line]);
    expect(loaded.problems[0]?.hint).toContain('override file');
  });

  it.each([
    ['compose.yaml', 'compose.yaml:1:11 include[0]: includes itself: /app/compose.yaml includes /app/compose.yaml'],
    ['sub/b.yaml', 'b.yaml:1:11 include[0]: includes itself: /app/sub/b.yaml includes /app/sub/b.yaml'],
    [
      'c.yaml',
      'd.yaml:1:27 include[0].path[1]: includes itself: /app/c.yaml includes /app/d.yaml includes /app/c.yaml',
    ],
  ])('names a circle in full: %s', async (first, line) => {
    const loaded = await loadFrom({
      '/app/compose.yaml': `include: [${first}]`,
      '/app/sub/b.yaml': `include: [b.yaml]\n${A}`,
      '/app/c.yaml': 'include: [d.yaml]',
      '/app/d.yaml': 'include: [{path: [a.yaml, c.yaml]}]',
      '/app/a.yaml': A,
    });
    expect(problemLines(loaded)).toEqual([line]);
  });

  it.each([
    'git@github.com:acme/app.git',
    'https://github.com/acme/app.git#main:sub',
    'http://example.com/compose.yaml',
    'ssh://git@example.com/acme/app.git',
    'git://example.com/app',
    'github.com/acme/app',
    'oci://example.com/app:1',
  ])('does not fetch files from elsewhere: %s', async (path) => {
    for (const entry of [`"${path}"`, `{path: "${path}"}`, `{path: [a.yaml, "${path}"]}`]) {
      const loaded = await loadFrom({ '/app/compose.yaml': `include: [${entry}]`, '/app/a.yaml': A });
      expect(loaded.problems).toHaveLength(1);
      expect(loaded.problems[0]).toMatchObject({
        path: expect.stringMatching(/^include\[0\]/),
        message: `remote files are not supported: ${path}`,
        hint: expect.stringContaining('Git submodule'),
      });
    }
  });

  it.each([
    ['a.yaml', 'include: expected a list, got text'],
    ['{path: a.yaml}', 'include: expected a list, got a map'],
    ['[5]', 'include[0]: expected a path or a map, got 5'],
    ['[a.yaml, [a.yaml]]', 'include[1]: expected a path or a map, got a list'],
    ['[{path: 5}]', 'include[0].path: expected a path or a list of paths, got 5'],
    ['[{path: [a.yaml, ~]}]', 'include[0].path[1]: expected text, got nothing'],
    ['[{path: a.yaml, project_directory: [x]}]', 'include[0].project_directory: expected a directory, got a list'],
    ['[{path: a.yaml, env_file: {path: x}}]', 'include[0].env_file: expected a path or a list of paths, got a map'],
  ])('has to be a list of paths and maps: %s', async (value, message) => {
    const loaded = await loadFrom({ '/app/compose.yaml': `include: ${value}`, '/app/a.yaml': A });
    expect(loaded.problems.map((problem) => `${problem.path}: ${problem.message}`)).toEqual([message]);
  });

  it.each([
    ['[{path: a.yaml, paths: x}]', 'compose.yaml:1:26 include[0].paths: is ignored; did you mean "path"?'],
    ['[{path: a.yaml, required: false}]', 'compose.yaml:1:26 include[0].required: is ignored'],
    ['[a.yaml, {env_file: }]', 'compose.yaml:1:19 include[1]: includes nothing: it has no path'],
  ])('warns of what Docker Compose passes over: %s', async (value, line) => {
    const loaded = await loadFrom({ '/app/compose.yaml': `include: ${value}`, '/app/a.yaml': A });
    expect(loaded.problems).toEqual([]);
    expect(warningLines(loaded)).toContain(line);
    expect(Object.keys(loaded.config.services)).toEqual(['a']);
  });

  it('warns of keys at the top of an included file that are not read', async () => {
    const loaded = await loadFrom({
      '/app/compose.yaml': 'include: [a.yaml]',
      '/app/a.yaml': `version: "3"\nx-lobbie: {history: h}\nx-loby: 1\nname: other\n${A}`,
    });
    expect(warningLines(loaded)).toEqual(
      expect.arrayContaining([
        'a.yaml:1:1 version: has no effect: the format no longer has versions',
        'a.yaml:2:1 x-lobbie: has no effect in an included file: move it to the file that includes it',
        'a.yaml:3:1 x-loby: is ignored; did you mean "x-lobbie"?',
      ]),
    );
    expect(loaded.config).not.toHaveProperty('x-lobbie');
    expect(loaded.config.name).toBe('app');
  });

  it('keeps a value that only the included file has, and never prints it', async () => {
    const loaded = await loadFrom({
      '/app/compose.yaml': 'include: [{path: a.yaml, env_file: a.env}]',
      '/app/a.yaml': `services: {a: {image: x, secrets: [s], configs: [c]}}
secrets: {s: {environment: S}}
configs: {c: {environment: S}}`,
      '/app/a.env': 'S=sentinel',
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.keptValues).toEqual(
      new Map([
        ['secrets.s', { S: 'sentinel' }],
        ['configs.c', { S: 'sentinel' }],
      ]),
    );
    expect(JSON.stringify(loaded.config)).not.toContain('sentinel');
  });

  it('is bounded: a few files cannot include each other forever', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `/app/${index}.yaml`,
        `include: [${index + 1}.yaml, ./${index + 1}.yaml]`,
      ]),
    );
    const loaded = await loadFrom({ '/app/compose.yaml': 'include: [0.yaml]', ...files, '/app/40.yaml': A });
    expect(problemLines(loaded).join('\n')).toContain('more than 500 files are included');
    expect(loaded.problems).toHaveLength(1);
  });
});
