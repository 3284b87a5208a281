import { describe, expect, it } from 'vitest';
import { isSecret, redact, secretsOf } from '../../src/model/secrets.ts';
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
  const clean = (environment: Record<string, string>, text: string): string =>
    redact(text, secretsOf(aProject([aService('api', { environment })])));

  it('knows the password of a connection string, and leaves the rest of it', () => {
    const CONN = 'Server=db-one;Password=open sesame;Timeout=30';
    expect(clean({ CONN: 'Server=db-one;Password=hunter22;Timeout=30' }, 'no hunter22 at db-one')).toBe(
      'no *** at db-one',
    );
    expect(clean({ CONN: CONN.replace('open sesame', '"open sesame"') }, 'it said: open sesame')).toBe('it said: ***');
  });

  it('knows a password with a comma, and one that a comma ends', () => {
    const CONN = 'cache:6379,password=hunter22,ssl=True';
    expect(clean({ CONN }, 'refused hunter22')).toBe('refused ***');
    expect(clean({ CONN: 'Server=db;Password=hunt,er22' }, 'refused hunt,er22')).toBe('refused ***');
  });
});
