import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/compose/schema/unknown-key.ts';

const KEYS = ['image', 'environment', 'env_file', 'depends_on', 'ports', 'volumes', 'init', 'user', 'tty'];

describe('the nearest key', () => {
  it.each<[written: string, meant: string | undefined]>([
    ['enviroment', 'environment'],
    ['envfile', 'env_file'],
    ['envFile', 'env_file'],
    ['env-file', 'env_file'],
    ['Image', 'image'],
    ['port', 'ports'],
    ['vlumes', 'volumes'],
    ['dependson', 'depends_on'],
    ['usr', 'user'],
    ['prots', 'ports'],
    ['imgae', 'image'],
    ['zzz', undefined],
    ['x', undefined],
    ['command', undefined],
    ['', undefined],
    ['environment'.repeat(1000), undefined],
  ])('of %s', (written, meant) => {
    expect(nearest(written, KEYS)).toBe(meant);
  });
});
