import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ENGINE_RUNS } from '../engine-runs.ts';
import { ENGINE_VERSIONS, isEngineVersion } from '../engine-versions.ts';

it('every version is tested as it comes, with the promises', () => {
  const plain = ENGINE_RUNS.filter(({ settings, tests }) => settings === '' && tests.includes('.promise.test.ts'));
  expect(plain.map(({ version }) => version)).toEqual(Object.keys(ENGINE_VERSIONS));
});

it('docs/testing.md has the same engines, in the same order', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'testing.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (\d+\.\d+) \| (\w+) \|/gm)].map(([, version, suite]) => [version, suite]);
  expect(rows).toEqual(ENGINE_RUNS.map(({ version }) => [version, ENGINE_VERSIONS[version]]));
});

it('each name of a test finds one', () => {
  const files = readdirSync(join(import.meta.dirname, '..', '..', 'packages', 'cli', 'test', 'promises'));
  const names = ENGINE_RUNS.flatMap(({ tests }) => tests);
  expect(names.filter((name) => !files.some((file) => file.includes(name)))).toEqual([]);
});

it.each([
  ['28.5', true],
  ['28', false],
  ['toString', false],
])('%s is a version: %s', (word, expected) => expect(isEngineVersion(word)).toBe(expected));
