import { describe, expect, it } from 'vitest';
import { whyNoHistory } from '../../src/model/history-path.ts';

const around = { projectDirectory: '/srv/shop', homeDirectory: '/data/users/me' };

describe('whyNoHistory', () => {
  it.each([
    ['/', 'is the root of the file system'],
    ['/srv/../', 'is the root of the file system'],
    ['/etc', 'is a system directory'],
    ['/etc/', 'is a system directory'],
    ['/etc/cron.d', 'is a system directory'],
    ['/usr', 'is a system directory'],
    ['/usr/lib/node', 'is a system directory'],
    ['/var', 'is a system directory'],
    ['/var/lib/docker/volumes', 'is a system directory'],
    ['/srv/shop', 'is the project directory'],
    ['/srv/shop/history/..', 'is the project directory'],
    ['/data/users/me', 'is a home directory'],
    ['/home/anyone', 'is a home directory'],
    ['/root', 'is a system directory'],
    ['/data/users', 'contains the home directory'],
    ['/data', 'contains the home directory'],
  ])('refuses %s: it %s', (path, why) => {
    expect(whyNoHistory(path, around)).toBe(why);
  });

  it('refuses a directory above the project', () => {
    expect(whyNoHistory('/srv/all', { projectDirectory: '/srv/all/shop' })).toBe('contains the project directory');
  });

  it.each([
    '/srv/shop/history',
    '/srv/shop-history',
    '/history',
    '/var/lib/lobbie/shop/history',
    '/home/me/shop/history',
    '/data/users/me/history',
    '/etcetera',
    '/tmp/t-1/history',
  ])('allows %s', (path) => {
    expect(whyNoHistory(path, around)).toBeUndefined();
  });
});
