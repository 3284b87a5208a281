import { describe, expect, it } from 'vitest';
import type { ContainerDetails } from '../../../src/model/container.ts';
import type { Service } from '../../../src/model/service.ts';
import { type ReplicaOptions, replicaSpec } from '../../../src/rollout/acts/replica-spec.ts';
import { aService, aWebService } from '../a-service.ts';

const specOf = (service: Service, change: Partial<ReplicaOptions> = {}) =>
  replicaSpec(service, {
    projectName: 'p',
    networks: service.networks.map(({ key }) => `p_${key}`),
    release: 'r1',
    replica: { service: service.name, index: 1 },
    container: `p-${service.name}-1-r1`,
    spec: 'hash',
    shared: {},
    files: [],
    imageVolumes: [],
    inherits: undefined,
    ...change,
  });
// As far as it is looked at.
const predecessor = (volumes: ContainerDetails['volumes']) => ({ volumes }) as ContainerDetails;
const network = { key: 'default', aliases: ['alias'], ipv4Address: '10.1.0.5' };

describe('replicaSpec', () => {
  it('gives the names of a service without an ingress to its container', () => {
    const db = aService('db', { containerName: 'the-db', networks: [network] });
    expect(specOf(db).networks).toEqual([
      { name: 'p_default', aliases: ['tasks.db', 'p-db-1', 'db', 'the-db', 'alias'], ipv4Address: '10.1.0.5' },
    ]);
  });

  it('leaves names, address and TCP ports to the ingress where there is one', () => {
    const web = aWebService('web', 8080, { containerName: 'the-web', networks: [network] });
    const spec = specOf(web);
    expect(spec.networks).toEqual([{ name: 'p_default', aliases: ['tasks.web', 'p-web-1'] }]);
    expect(spec.ports).toEqual([]);
    expect(spec.name).toBe('p-web-1-r1');
  });

  it.each([
    ['publishes', { ports: [{ target: 53, published: 53, protocol: 'udp' } as const] }],
    ['exposes', { ports: [], exposesUdp: true as const }],
  ])('keeps the names and the address of a service that %s a UDP port', (_verb, { ports, ...change }) => {
    const dns = aWebService('dns', 8080, { containerName: 'the-dns', networks: [network], ...change });
    const spec = specOf({ ...dns, ports: [...dns.ports, ...ports] });
    expect(spec.networks).toEqual([
      { name: 'p_default', aliases: ['tasks.dns', 'p-dns-1', 'dns', 'the-dns', 'alias'], ipv4Address: '10.1.0.5' },
    ]);
    expect(spec.ports).toEqual(ports);
  });

  it('has no networks of its own and no ports where it shares those of another', () => {
    const service = aService('sidecar', {
      networkMode: 'service:web',
      networks: [],
      settings: { pid: 'service:db' },
      ports: [{ target: 80, published: 80, protocol: 'tcp' }],
    });
    const spec = specOf(service, { shared: { networkMode: 'container:abc', pid: 'container:def' } });
    expect(spec).toMatchObject({ networks: [], networkMode: 'container:abc', pid: 'container:def' });
    expect(spec).not.toHaveProperty('ports');
  });

  it('takes over the anonymous volumes of its predecessor, those of the image too', () => {
    const service = aService('db', {
      mounts: [
        { kind: 'volume', target: '/anonymous', readOnly: false },
        { kind: 'volume', source: 'p_data', target: '/named', readOnly: false },
      ],
    });
    const spec = specOf(service, {
      imageVolumes: ['/of-image', '/named', '/new'],
      inherits: predecessor([
        { name: 'aaaa', target: '/anonymous' },
        { name: 'bbbb', target: '/of-image' },
        { name: 'cccc', target: '/named' },
      ]),
    });
    expect(spec.mounts).toEqual([
      { kind: 'volume', source: 'aaaa', target: '/anonymous', readOnly: false },
      { kind: 'volume', source: 'p_data', target: '/named', readOnly: false },
      { kind: 'volume', source: 'bbbb', target: '/of-image', readOnly: false },
    ]);
  });

  it('never takes over the volume with the secrets of its predecessor', () => {
    const secret = {
      kind: 'secret',
      name: 's',
      target: '/run/secrets/s',
      content: '',
    } as const;
    const spec = specOf(aService('db', { files: [secret] }), {
      files: [{ file: secret, path: secret.target, way: 'copy', directory: '/run/secrets' }],
      inherits: predecessor([{ name: 'aaaa', target: '/run/secrets' }]),
    });
    const labels = { 'dev.lobbie.project': 'p', 'dev.lobbie.role': 'files', 'dev.lobbie.container': 'p-db-1-r1' };
    expect(spec.mounts).toEqual([{ kind: 'volume', target: '/run/secrets', readOnly: false, labels }]);
  });

  it('carries the labels by which Compose lists it and leaves it alone, whatever the file says', () => {
    const service = aService('db', { labels: { mine: '1', 'com.docker.compose.oneoff': 'False' } });
    expect(specOf(service).labels).toMatchObject({
      mine: '1',
      'com.docker.compose.project': 'p',
      'com.docker.compose.service': 'db',
      'com.docker.compose.oneoff': 'True',
      'dev.lobbie.project': 'p',
      'dev.lobbie.role': 'replica',
      'dev.lobbie.replica': '1',
      'dev.lobbie.spec': 'hash',
    });
  });
});
