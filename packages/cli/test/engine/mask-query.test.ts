import { describe, expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { maskQuery } from '../../src/engine/mask-query.ts';

describe('the path of a call, as --debug shows it', () => {
  it.each([
    ['/version', '/version'],
    ['/v1.41/containers/json?all=true', '/v1.41/containers/json?all=true'],
    [
      '/v1.41/containers/json?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D',
      '/v1.41/containers/json?filters={"label":["a=b"]}',
    ],
    ['/build?t=shop%3Aa&t=shop%3Ab&version=2', '/build?t=shop:a&t=shop:b&version=2'],
    ['/build?buildargs=%7B%22TOKEN%22%3A%22hunter2%22%7D&rm=true', '/build?buildargs=***&rm=true'],
    ['/build?labels=%7B%22key%22%3A%22hunter2%22%7D', '/build?labels=***'],
    ['/build?remote=https%3A%2F%2Fme%3Ahunter2%40host%2Frepo.git', '/build?remote=***'],
    [
      '/images/create?fromSrc=-&message=hunter2&changes=ENV%20KEY%3Dhunter2',
      '/images/create?fromSrc=-&message=***&changes=***',
    ],
    ['/x?a?b=hunter2', '/x?a?b=***'],
    ['/x?hunter2', '/x?***'],
    ['/x?', '/x?'],
  ])('%s is shown as %s', (path, shown) => {
    expect(maskQuery(path)).toBe(shown);
  });

  it('shows no value of a key that it does not know', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{9,12}$/), fc.string({ minLength: 1 }), (key, value) => {
        const query = new URLSearchParams({ all: 'true', [key]: value });
        expect(maskQuery(`/x?${query}`)).toBe(`/x?all=true&${key}=***`);
      }),
    );
  });
});
