import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import { rollingOf } from '../../src/plan/rolling-of.ts';
import { tcp, testService, testTraits, testUpdate, udp } from './plan-fixtures.ts';

const of = (change: Partial<Service> = {}, volumes: string[] = []) => {
  const service = testService({ mounts: [], update: testUpdate(), ...change });
  const { order, because } = rollingOf(service, testTraits({ volumes }), [
    { key: 'data', name: 'p_data', external: false },
  ]);
  return `${order}: ${because}`;
};
const INGRESS = testService().ingress;
const bind = (source: string, readOnly = false): Service['mounts'][number] => ({
  kind: 'bind',
  source,
  target: '/x',
  readOnly,
});
const inDefault = (more: object) => ({ key: 'default', aliases: [], ...more });

const LISTENS = { ingress: true, listens: [3000] } as const;

describe('rollingOf', () => {
  it.each<[string, Partial<Service>, string[]?]>([
    ['start-first: it publishes a TCP port and mounts no data', {}],
    ['stop-first: no other service reaches it over TCP', { ports: [] }],
    ['start-first: other services reach it and mounts no data', { ports: [], ingress: { ...INGRESS, ports: [3000] } }],
    [
      'start-first: other services reach it and mounts no data',
      { ports: [], expose: [3000], front: { ingress: true } },
    ],
    ['start-first: other services reach it and mounts no data', { ports: [], addressed: [], front: LISTENS }],
    [
      'start-first: a reverse proxy finds it and mounts no data',
      { ports: [], labels: { caddy: 'a.test' }, front: { ingress: true } },
    ],
    ['stop-first: no port of it was seen to listen', { ports: [], addressed: [], front: { ingress: true } }],
    ['stop-first: no other service names it', { ports: [], front: LISTENS }],
    ['stop-first: its connections are not HTTP', { front: { ...LISTENS, bytes: true } }],
    [
      'start-first: the file says so',
      { front: { ...LISTENS, bytes: true }, update: testUpdate({ order: 'start-first' }) },
    ],
    [
      'start-first: it publishes a TCP port and mounts no data',
      { mounts: [bind('/srv/nginx.conf'), bind('/etc/localtime')] },
    ],
    ['start-first: it publishes a TCP port and mounts no data', { mounts: [bind('/srv/Caddyfile')] }],
    ['stop-first: /srv/acme.json is mounted', { mounts: [bind('/srv/acme.json')] }],
    [
      'stop-first: /srv/data is mounted',
      { ports: [], ingress: { ...INGRESS, ports: [1] }, mounts: [bind('/srv/data')] },
    ],
    ['stop-first: volume data', { mounts: [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }] }],
    ['stop-first: a volume at /data', { mounts: [{ kind: 'volume', target: '/data', readOnly: false }] }],
    ['stop-first: ./data is mounted', { mounts: [bind('/src/data')] }],
    ['stop-first: /srv/data is mounted', { mounts: [bind('/srv/data')] }],
    ["stop-first: the image's volume /var/lib/x", {}, ['/var/lib/x']],
    ['stop-first: UDP port 53', { ports: [tcp(80, 80), udp(53)] }],
    ['stop-first: host network', { networks: [], networkMode: 'host', ports: [] }],
    ['stop-first: static address 10.0.0.9', { ports: [], networks: [inDefault({ ipv4Address: '10.0.0.9' })] }],
    ['stop-first: static address fd00::9', { ports: [], networks: [inDefault({ ipv6Address: 'fd00::9' })] }],
    ['start-first: it publishes a TCP port and mounts no data', { networks: [inDefault({ ipv4Address: '10.0.0.9' })] }],
    ['stop-first: MAC address 02:42:00:00:00:01', { networks: [inDefault({ macAddress: '02:42:00:00:00:01' })] }],
    ['stop-first: the file says so', { update: testUpdate({ order: 'stop-first' }) }],
  ])('%s', (text, change, volumes) => expect(of(change, volumes)).toBe(text));

  it.each<[string, Partial<Service>, string[]?]>([
    ['source code', { mounts: [bind('/src')] }],
    ['what is mounted read-only', { mounts: [bind('/srv/data', true)] }],
    ['a socket', { mounts: [bind('/var/run/docker.sock')] }],
    ['an image volume under a tmpfs', { mounts: [{ kind: 'tmpfs', target: '/cache' }] }, ['/cache/']],
  ])('starts first with %s', (_, change, volumes) => expect(of(change, volumes)).toMatch(/^start-first/));

  it('follows a start-first in the file, except when two containers cannot run at once', () => {
    const update = testUpdate({ order: 'start-first' });
    expect(of({ update, mounts: [bind('/srv/data')] })).toBe('start-first: the file says so');
    expect(of({ update, ports: [tcp(80, 80), udp(53)] })).toBe('stop-first: UDP port 53');
  });
});
