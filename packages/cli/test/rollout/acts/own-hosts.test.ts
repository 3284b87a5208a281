import { describe, expect, it } from 'vitest';
import type { Service } from '../../../src/model/service.ts';
import { ownHosts } from '../../../src/rollout/acts/own-hosts.ts';
import { aService, aWebService } from '../a-service.ts';

const networks = [
  { key: 'default', aliases: ['site'] },
  { key: 'six', aliases: ['six'] },
];
const endpoints = [
  { name: 'p_default', aliases: [], ipv4Address: '10.1.0.200' },
  { name: 'p_six', aliases: [], ipv4Address: '10.2.0.200', ipv6Address: 'fd00::200' },
];
const of = (change: Partial<Service> = {}) =>
  ownHosts(aWebService('web', 80, { containerName: 'the-web', networks, ...change }), endpoints);

describe('the names of a service in /etc/hosts of its replicas', () => {
  it('lead to the replica, each in the first network that has it', () => {
    expect(of()).toEqual([
      'web:10.1.0.200',
      'the-web:10.1.0.200',
      'site:10.1.0.200',
      'six:10.2.0.200',
      'six:fd00::200',
    ]);
  });

  it('are left out where the file has a line of its own', () => {
    expect(of({ settings: { extraHosts: ['web:10.9.9.9', 'site:10.9.9.9', 'six:10.9.9.9'] } })).toEqual([
      'the-web:10.1.0.200',
    ]);
  });

  it('are left out where the replicas have the names, or no fixed address', () => {
    expect(ownHosts(aService('web', { networks }), endpoints)).toEqual([]);
    expect(ownHosts(aWebService('web', 80), [{ name: 'p_default', aliases: [] }])).toEqual([]);
  });
});
