import { describe, expect, it } from 'vitest';
import { createSecretMask } from '../../src/model/secret-mask.ts';
import { isSecret, secretsOf } from '../../src/model/secrets.ts';
import { aProject, aService } from '../rollout/a-service.ts';

describe('isSecret', () => {
  it.each([
    ...['DB_PASSWORD', 'AWS_ACCESS_KEY_ID', 'AUTH', 'SENTRY_DSN', 'apikey'],
    ...['DB_PASS', 'PGPASS', 'dbPass', 'SMTP_PASS2', 'PASS', 'PASSPHRASE', 'GPG_PASSPHRASE_FILE', 'PASS_HASH', 'DB_PW'],
    ...['JWT', 'JWTSIGNING', 'COOKIE', 'ADMIN_COOKIES', 'BEARER', 'SESSION', 'RAILS_SESSION', 'HASH_SALT', 'NONCESALT'],
  ])('hides %s by its name', (name) => expect(isSecret(name, 'v2')).toBe(true));

  it.each([
    ...['COMPASS', 'NORTH_COMPASS', 'BYPASS', 'BYPASS_CACHE', 'PASSENGER', 'PASSENGER_APP_ENV', 'PASSIVE_PORTS'],
    ...['PROXY_PASSTHROUGH', 'SESSION_DRIVER', 'SALTSTACK_HOST', 'LOG_LEVEL', 'PWM', 'NODE_ENV'],
  ])('shows %s', (name) => expect(isSecret(name, 'v2')).toBe(false));

  it.each([
    'pg://u:hunter2@db',
    'Server=x;Password=abc;',
    'Server=x; Uid=me; Pwd = "a b c"',
    'pg://db/x?sslmode=require&password=abc',
    'AccountName=me;AccountKey=abc==;',
    'cache:6379,password=abc,ssl=True',
    'http://bus?token=abc',
    'client_secret=abc',
    '{"password": "abc"}',
  ])('hides %s by what it carries', (value) => expect(isSecret('CONN', value)).toBe(true));

  it.each(['http://db/x', 'compass=north;bypass=yes', 'password=', 'Enter your password: ', 'a token of love'])(
    'shows %s',
    (value) => expect(isSecret('CONN', value)).toBe(false),
  );
});

describe('secretsOf', () => {
  const clean = (environment: Record<string, string>, text: string): string => {
    const mask = createSecretMask();
    mask.learn(aProject([aService('api', { environment })]));
    return mask.text(text);
  };

  it('finds the password of a connection string, and nothing else in it', () => {
    const CONN = 'Server=db-one;Password=open sesame;Timeout=30';
    expect(clean({ CONN: 'Server=db-one;Password=hunter22;Timeout=30' }, 'no hunter22 at db-one')).toBe(
      'no *** at db-one',
    );
    expect(clean({ CONN: CONN.replace('open sesame', '"open sesame"') }, 'it said: open sesame')).toBe('it said: ***');
  });

  it('finds the password of a URL as written', () => {
    const said = (URL: string, text: string): string => clean({ URL }, text);
    expect(said('pg://me:hunter22@db/x', 'no hunter22')).toBe('no ***');
    expect(said('pg://me:p@ss:word@db', 'no p@ss:word')).toBe('no ***');
    expect(said('from a://x:first22@h to b+c.d-e://:second22@h', 'first22 second22')).toBe('*** ***');
    expect(said('http://host:8080/a:hunter22@b', 'hunter22')).toBe('hunter22');
    expect(said('http://me@host:hunter22@b', 'hunter22')).toBe('hunter22');
  });

  it.each([
    ['a pair in a pair', 'token=password=hunter22', ['password=hunter22']],
    ['a pair after an empty one', 'password="";secret=hunter22', ['hunter22']],
    ['a key with an owner', 'x key=north;private key=hunter22', ['hunter22']],
    ['a word that is no pass', 'compass=northern;bypass = always1;pass =hunter22', ['hunter22']],
  ])('reads %s', (_, CONN, secrets) => {
    expect(secretsOf(aProject([aService('api', { environment: { CONN } })]))).toEqual(secrets);
  });

  // Made a deploy hang for minutes: text where a match begins everywhere and ends nowhere.
  describe.each([200_000, 1_000_000])('with %d characters', { timeout: 300_000 }, (length) => {
    it.each([
      ...['a', 'pass', 'a:', '://', 'a://', 'a://b:', 'a://b:c', 'password=', 'password="', "token='", 'pass = '],
      ...['key"\n', '"secret":', 'pass ', '\n', 'private_', 'a.b+c-', '@', ':@', 'pass="token=\''],
    ])('of %j finds the secret at the end', (part) => {
      const CONN = `${part.repeat(length / part.length)} ;&"'" pg://u:hunter22@db`;
      const mask = createSecretMask();
      mask.learn(aProject([aService('api', { environment: { CONN }, command: [CONN] })]));
      expect(mask.text('hunter22')).toBe('***');
    });

    it('finds no passwords in configs or certificates', () => {
      const content = Buffer.from('pg://u:hunter22@db '.repeat(length / 19)).toString('base64');
      const file = { kind: 'config', name: 'it', target: '/it', content, uid: 0, gid: 0, mode: 0o444 } as const;
      expect(secretsOf(aProject([aService('api', { files: [file] })]))).toEqual([]);
    });
  });

  it('finds a password that contains a comma, and one that a comma ends', () => {
    const CONN = 'cache:6379,password=hunter22,ssl=True';
    expect(clean({ CONN }, 'refused hunter22')).toBe('refused ***');
    expect(clean({ CONN: 'Server=db;Password=hunt,er22' }, 'refused hunt,er22')).toBe('refused ***');
  });
});
