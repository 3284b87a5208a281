import { describe, expect, it } from 'vitest';
import { whyNoHistory } from '../../src/model/history-path.ts';

const around = { projectDirectory: '/srv/shop', homeDirectory: '/data/users/me' };

describe('whyNoHistory', () => {
  it.each([
    ['/', 'is the root of the file system'],
    ['/srv/../', 'is the root of the file system'],
    ['/etc', 'is a directory of the system'],
    ['/etc/', 'is a directory of the system'],
    ['/etc/cron.d', 'is a directory of the system'],
    ['/usr', 'is a directory of the system'],
    ['/usr/lib/node', 'is a directory of the system'],
    ['/var', 'is a directory of the system'],
    ['/var/lib/docker/volumes', 'is a directory of the system'],
    ['/srv/shop', 'is the directory of the project'],
    ['/srv/shop/history/..', 'is the directory of the project'],
    ['/data/users/me', 'is a home directory'],
    ['/home/anyone', 'is a home directory'],
    ['/root', 'is a directory of the system'],
    ['/data/users', 'has the home directory in it'],
    ['/data', 'has the home directory in it'],
  ])('refuses %s: it %s', (path, why) => {
    expect(whyNoHistory(path, around)).toBe(why);
  });

  it('refuses what is above the project', () => {
    expect(whyNoHistory('/srv/all', { projectDirectory: '/srv/all/shop' })).toBe(
      'has the directory of the project in it',
    );
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
