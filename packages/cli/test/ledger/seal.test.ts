import { describe, expect, it } from 'vitest';
import { sealRelease, unsealRelease } from '../../src/ledger/seal.ts';
import type { Release } from '../../src/model/release.ts';
import { createSecretMask } from '../../src/model/secret-mask.ts';
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
  it('keeps secret contents out of the ledger, leaves configs readable, and restores both', () => {
    const release = releaseWith([file('secret', 'the secret text'), file('config', 'the config text')]);
    const sealed = JSON.stringify(sealRelease(release, KEY));
    for (const secret of ['open sesame', base64('the secret text')]) expect(sealed).not.toContain(secret);
    for (const open of ['"debug"', base64('the config text')]) expect(sealed).toContain(open);
    expect(unsealRelease(JSON.parse(sealed), KEY)).toEqual(release);
  });
});

describe('a sealed value', () => {
  const environment = { DB_PASSWORD: 'open sesame', API_TOKEN: 'another one', URL: 'pg://u:hunter22@db' };
  const project = aProject([aService('db', { environment }), aService('web', { environment })]);
  const release: Release = { ...releaseWith([]), project };
  type Variables = Record<string, string | null>;
  /** The sealed release after a change to the ledger. */
  const changed = (change: (sealed: Release, variables: Variables[]) => Partial<Release> | undefined): Release => {
    const sealed: Release = JSON.parse(JSON.stringify(sealRelease(release, KEY)));
    const variables = sealed.project.services.map((service) => service.environment as Variables);
    return { ...sealed, ...change(sealed, variables) };
  };
  const set = (variables: Variables | undefined, name: string, value: string | null | undefined): undefined => {
    if (variables === undefined || value == null) throw new Error('no such value');
    variables[name] = value;
  };

  it.each<[string, Release]>([
    ['to another name', changed((_, [db]) => set(db, 'API_TOKEN', db?.DB_PASSWORD))],
    ['to a name whose values are not secret', changed((_, [db]) => set(db, 'GREETING', db?.DB_PASSWORD))],
    ['to another service', changed((_, [db, web]) => set(web, 'DB_PASSWORD', db?.DB_PASSWORD))],
    ['to another release', changed(() => ({ id: 'r2' }))],
    ['to another project', changed(({ project: sealed }) => ({ project: { ...sealed, name: 'other' } }))],
    ['with a change to it', changed((_, [db]) => set(db, 'URL', `${db?.URL?.slice(0, -8)}AAAAAAA=`))],
  ])('is refused when it was moved %s', (_, moved) => {
    expect(() => unsealRelease(moved, KEY)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(
          /^The ledger of project \S+ was changed: project\.services\.\d\.\w+\.environment\.\w+ /,
        ),
        hint: expect.stringContaining('_lobbie-ledger'),
      }),
    );
  });

  it('opens if it was not moved; with another key it is lost, not refused', () => {
    expect(
      unsealRelease(
        changed(() => undefined),
        KEY,
      ),
    ).toEqual(release);
    expect(() =>
      unsealRelease(
        changed(() => undefined),
        'cd'.repeat(32),
      ),
    ).toThrow('another key');
  });

  it('opens as an older lobbie sealed it, and is bound to its place when it is written again', () => {
    const old = 'lobbie-sealed:MMPB12m8AZfXnvdvlx48NR2XwALtLX2hjP1j8obhLWXnubyzY91W';
    const written: Release = {
      ...release,
      project: aProject([aService('db', { environment: { DB_PASSWORD: old } })]),
    };
    const read = unsealRelease(written, KEY);
    expect(read.project.services[0]?.environment).toEqual({ DB_PASSWORD: 'open sesame' });
    expect(JSON.stringify(sealRelease(read, KEY))).toContain('"lobbie-sealed:v2:');
  });

  it('is not confused with text that looks like one', () => {
    const looks = { A: 'lobbie-sealed:x', B: 'lobbie-sealed:v2:aaaa:x' };
    const odd: Release = { ...release, project: aProject([aService('db', { environment: looks })]) };
    expect(unsealRelease(sealRelease(odd, KEY), KEY)).toEqual(odd);
  });
});

describe('secretsOf', () => {
  it('includes a secret file as a whole and line by line, and no config', () => {
    const { project } = releaseWith([
      file('secret', 'first line\nsecond line\r\nok\n'),
      file('config', 'third line\n'),
    ]);
    const mask = createSecretMask();
    mask.learn(project);
    const clean = mask.text;
    expect(clean('first line\nsecond line\r\nok\n')).toBe('***');
    expect(clean('it said: second line.')).toBe('it said: ***.');
    expect(clean(base64('first line\nsecond line\r\nok\n'))).toBe('***');
    // Too short to be recognised.
    expect(clean('all is ok, third line')).toBe('all is ok, third line');
  });
});
