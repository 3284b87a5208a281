import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import { changesOf, inFewWords } from '../../src/plan/changes.ts';
import { tcp, testService, udp } from './plan-fixtures.ts';

const changes = (before: Partial<Service>, after: Partial<Service>) =>
  changesOf(testService(before), testService(after));
const secret = (content: string): Service['files'][number] => ({
  kind: 'secret',
  name: 'db_password',
  target: '/run/secrets/db_password',
  content,
  uid: 0,
  gid: 0,
  mode: 0o444,
});

describe('changesOf', () => {
  it.each<[string, Partial<Service>, Partial<Service>]>([
    [
      'environment.LOG_LEVEL: "info" → "debug"',
      { environment: { LOG_LEVEL: 'info' } },
      { environment: { LOG_LEVEL: 'debug' } },
    ],
    [
      'environment.DB_PASSWORD changed',
      { environment: { DB_PASSWORD: 'hunter2' } },
      { environment: { DB_PASSWORD: 'hunter3' } },
    ],
    [
      'environment.DB changed',
      { environment: { DB: 'pg://u:hunter2@db' } },
      { environment: { DB: 'pg://u:hunter3@db' } },
    ],
    ['environment.DB_PASS changed', {}, { environment: { DB_PASS: 'v2' } }],
    ['environment.CONN changed', {}, { environment: { CONN: 'Server=x;Password=abc;' } }],
    ['command changed', { command: ['api', '--token=v1'] }, { command: ['api', '--token=v2'] }],
    ['secret db_password changed', { files: [secret('YQ==')] }, { files: [secret('Yg==')] }],
    ['secret db_password is new', {}, { files: [secret('Yg==')] }],
    ['image: a:1 → a:2', { image: 'a:1' }, { image: 'a:2' }],
    ['ports: 8080:3000 → 9090:3000', {}, { ports: [tcp(9090, 3000)] }],
    ['ports: 53:53/udp is new', {}, { ports: [tcp(8080, 3000), udp(53)] }],
    ['stop_grace_period: 10s → 30s', {}, { stopGracePeriodMs: 30_000 }],
    ['user: "app" is new', {}, { user: 'app' }],
    ['read_only: true is new', {}, { settings: { readOnly: true } }],
  ])('%s', (text, before, after) => expect(changes(before, after)).toEqual([text]));

  it('shows no changes for a new or unchanged service', () => {
    expect(changesOf(undefined, testService())).toEqual([]);
    expect(changes({}, {})).toEqual([]);
  });
});

describe('inFewWords', () => {
  const long = `image: shop-${'worker'.repeat(6)}:1 → shop-${'worker'.repeat(6)}:2`;

  it.each<[string, string[]]>([
    ['the service changed', []],
    ['replicas: 1 → 2', ['replicas: 1 → 2']],
    ['image changed', [long]],
    ['environment.A and image changed', ['environment.A: "1" → "2"', long]],
    ['volumes and secret key changed', ['volumes: a:/a is gone', 'volumes: b:/b is new', 'secret key changed']],
    [
      'environment.A, user and 2 more changed',
      ['environment.A changed', 'user: "1" is new', 'restart: no is gone', long],
    ],
  ])('gives as a reason: %s', (words, all) => {
    expect(inFewWords(all)).toBe(words);
  });
});
