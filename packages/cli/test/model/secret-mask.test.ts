import { describe, expect, it } from 'vitest';
import { createSecretMask } from '../../src/model/secret-mask.ts';
import { aProject, aService } from '../rollout/a-service.ts';

const projectWith = (environment: Record<string, string>) => aProject([aService('api', { environment })]);

describe('the mask of secrets', () => {
  it.each([
    ['as it is', 'a"b\\c/d é', 'a"b\\c/d é'],
    ['in JSON', 'a"b\\c/d é', JSON.stringify('a"b\\c/d é').slice(1, -1)],
    ['in JSON by Go', 'a<b>&c/d', 'a\\u003cb\\u003e\\u0026c/d'],
    ['in a path', 'a"b\\c/d é', encodeURIComponent('a"b\\c/d é')],
    ['in a query', 'a b/c d+e', 'a+b%2Fc+d%2Be'],
    ['in a URL, in small letters', 'a/b/c/d', 'a%2fb%2fc%2fd'],
    ['in base64', 'hunter22', 'aHVudGVyMjI='],
    ['in base64 without padding', 'hunter22', 'aHVudGVyMjI'],
    ['in base64 for URLs', '>>>???hunter', Buffer.from('>>>???hunter').toString('base64url')],
    ['a line at a time', 'first line\nsecond line', 'second line'],
  ])('masks one %s', (_, secret, said) => {
    const mask = createSecretMask();
    mask.learn(projectWith({ DB_PASSWORD: secret }));
    expect(mask.text(`it said ${said}.`)).toMatch(/^it said \*\*\*=?\.$/);
  });

  it('masks the password of a URL as it is typed at a prompt', () => {
    const mask = createSecretMask();
    mask.learn(projectWith({ CONN: 'pg://me:hunter%2F22@db' }));
    expect(mask.text('hunter%2F22 hunter/22')).toBe('*** ***');
  });

  it('masks a long secret whole, though a part of it is one too', () => {
    const mask = createSecretMask();
    mask.learn(projectWith({ A_KEY: 'hunter22' }));
    mask.learn(projectWith({ B_KEY: 'hunter22-and-more' }));
    expect(mask.text('hunter22-and-more hunter22')).toBe('*** ***');
  });

  it('leaves short ones, and short parts of them, in peace', () => {
    const mask = createSecretMask();
    mask.learn(projectWith({ A_KEY: 'on', CONN: 'pg://me:%61%62%63@db' }));
    expect(mask.text('on and abc')).toBe('on and abc');
  });

  it('waits for what is being read, and not for what cannot be', async () => {
    const mask = createSecretMask();
    const { promise, resolve } = Promise.withResolvers<void>();
    mask.learnFrom(promise.then(() => [undefined, projectWith({ A_KEY: 'hunter22' })]));
    mask.learnFrom(Promise.reject(new Error('gone')));
    expect(mask.text('hunter22')).toBe('hunter22');
    resolve();
    await mask.settled();
    expect(mask.text('hunter22')).toBe('***');
  });
});
