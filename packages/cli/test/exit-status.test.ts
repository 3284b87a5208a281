import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT, exitStatusOf, exitStatusOfError } from '../src/exit-status.ts';
import { LobbieError } from '../src/model/errors.ts';
import type { Receipt } from '../src/model/results.ts';

const receipt = (outcome: Receipt['outcome'], code?: string): Receipt => ({
  type: 'receipt',
  outcome,
  project: 'p',
  release: 'r',
  seconds: { total: 0, build: 0, start: 0, gate: 0, switch: 0 },
  replicas: [],
  url: [],
  published: [],
  warnings: ['a warning changes nothing'],
  ...(code !== undefined && { error: { code, message: 'm', details: [] } }),
});

describe('the exit status', () => {
  it.each([
    [receipt('deployed'), 0],
    [receipt('unchanged'), 0],
    [receipt('failed-restored'), 5],
    [receipt('failed-restored', 'GATE_FAILED'), 5],
    [receipt('failed-restored', 'LEASE_LOST'), 5],
    [receipt('failed-restored', 'BUG'), 1],
    [receipt('failed-not-restored', 'GATE_FAILED'), 6],
    [receipt('failed-not-restored', 'INTERRUPTED'), 6],
    [receipt('failed-not-restored', 'BUG'), 6],
    [receipt('interrupted'), 130],
    [receipt('interrupted', 'INTERRUPTED'), 130],
    [receipt('interrupted', 'TERMINATED'), 143],
  ])('of a receipt %j is %i', (result, status) => expect(exitStatusOf(result)).toBe(status));

  it('of any other result is 0', () => {
    expect(exitStatusOf({ type: 'plan', project: 'p', plan: { steps: [], orphans: [] }, impacts: [] })).toBe(0);
    expect(exitStatusOf({ type: 'history', containers: [] })).toBe(0);
  });

  it.each([
    ['BUG', 1],
    ['USAGE', 2],
    ['INVALID_INPUT', 3],
    ['OTHER_ORIGIN', 3],
    ['HISTORY_MOVED', 3],
    ['INGRESS_IMAGE_UNFIT', 3],
    ['ENGINE_UNREACHABLE', 4],
    ['ENGINE_PERMISSION', 4],
    ['ENGINE_TOO_OLD', 4],
    ['ENGINE_UNSUPPORTED', 4],
    ['NOT_AN_ENGINE', 4],
    ['NOT_DEPLOYED', 5],
    ['PORT_IN_USE', 5],
    ['LEFT_HALF_DONE', 6],
    ['LEASE_TAKEN', 7],
    ['LEASE_LOST', 7],
    ['INTERRUPTED', 130],
    ['TERMINATED', 143],
  ] as const)('of %s is %i', (code, status) => expect(exitStatusOfError(new LobbieError(code, 'm'))).toBe(status));

  it('of anything else is that of a bug', () => expect(exitStatusOfError(new TypeError('x'))).toBe(1));
});

describe('the table of exit statuses', () => {
  it('is the table in docs/troubleshooting.md', () => {
    const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split(/^## Exit statuses$/m);
    const rows = [...(section.split(/^## /m)[0] ?? '').matchAll(/^\| ([\d, ]+) \| (.+) \|$/gm)];
    const listed = rows.flatMap(([, numbers = '']) => numbers.split(', ').map(Number));
    expect(listed).toEqual(Object.values(EXIT));
  });

  it('is the only place with a number for an exit status', () => {
    const source = fileURLToPath(new URL('../src', import.meta.url));
    const number = /\b(?:exit|exitCode|exitStatus)\b\s*[=(:]\s*\d+(?! satisfies)/;
    expect(['process.exit(1)', 'process.exitCode = 4', 'exitStatus: 8'].filter((text) => !number.test(text))).toEqual(
      [],
    );
    const users = globSync('**/*.ts', { cwd: source }).filter((path) =>
      number.test(readFileSync(`${source}/${path}`, 'utf8')),
    );
    expect(users).toEqual([]);
  });
});
