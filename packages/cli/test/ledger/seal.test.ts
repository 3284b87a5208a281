import { describe, expect, it } from 'vitest';
import { sealRelease, unsealRelease } from '../../src/ledger/seal.ts';
import type { Release } from '../../src/model/release.ts';
import { redact, secretsOf } from '../../src/model/secrets.ts';
import type { ServiceFile } from '../../src/model/service.ts';
import { aProject, aService } from '../rollout/a-service.ts';

const KEY = 'ab'.repeat(32);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const file = (kind: ServiceFile['kind'], text: string): ServiceFile => ({
  kind,
  name: 'it',
  target: '/run/secrets/it',
  content: base64(text),
  uid: 0,
  gid: 0,
  mode: 0o444,
});
const releaseWith = (files: readonly ServiceFile[]): Release => ({
  id: 'r1',
  number: 1,
  command: 'deploy',
  startedAtMs: 0,
  project: aProject([aService('db', { files, environment: { DB_PASSWORD: 'open sesame', LOG_LEVEL: 'debug' } })]),
  images: {},
});

describe('sealRelease', () => {
  it('keeps the contents of secrets from the ledger, leaves configs readable, and gives all back', () => {
    const release = releaseWith([file('secret', 'the secret text'), file('config', 'the config text')]);
    const sealed = JSON.stringify(sealRelease(release, KEY));
    for (const secret of ['open sesame', base64('the secret text')]) expect(sealed).not.toContain(secret);
    for (const open of ['"debug"', base64('the config text')]) expect(sealed).toContain(open);
    expect(unsealRelease(JSON.parse(sealed), KEY)).toEqual(release);
  });
});

describe('secretsOf', () => {
  it('knows a secret file whole and by its lines, and no config', () => {
    const { project } = releaseWith([
      file('secret', 'first line\nsecond line\r\nok\n'),
      file('config', 'third line\n'),
    ]);
    const clean = (text: string): string => redact(text, secretsOf(project));
    expect(clean('first line\nsecond line\r\nok\n')).toBe('***');
    expect(clean('it said: second line.')).toBe('it said: ***.');
    expect(clean(base64('first line\nsecond line\r\nok\n'))).toBe('***');
    // Too short to be told from any word.
    expect(clean('all is ok, third line')).toBe('all is ok, third line');
  });
});
