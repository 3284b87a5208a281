import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/model/project.ts';
import type { Service } from '../../src/model/service.ts';
import { definitionHash, ingressSpecHash, specHash } from '../../src/plan/spec-hash.ts';
import { tcp, testService, testTraits, testUpdate, udp } from './plan-fixtures.ts';

const service = testService({ environment: { A: '1', B: '2' } });
const hash = (change: Partial<Service> = {}, imageId = 'sha256:1', key = 'key') =>
  specHash({ ...service, ...change }, imageId, key);

describe('specHash', () => {
  const same: Partial<Service>[] = [
    { replicas: 9 },
    { update: testUpdate({ order: 'stop-first', parallelism: 1, monitorMs: 1 }) },
    { ingress: { ...service.ingress, drainTimeoutMs: 1, healthPath: '/' } },
    { rollback: { parallelism: 3, delayMs: 1 } },
    { dependsOn: [{ service: 'db', condition: 'healthy', required: true, restart: true }] },
    { expose: [9000] },
    { pullPolicy: 'always' },
    // The ingress has them.
    { containerName: 'the-api' },
    { networks: [{ key: 'default', aliases: ['other'] }] },
    { networks: [{ key: 'default', aliases: [], ipv4Address: '10.0.0.9', linkLocalIps: ['169.254.1.1'] }] },
    { ports: [tcp(80, 80)] },
    { report: '/other' },
    // Another tag of the same image.
    { image: 'p-api:2' },
    { environment: { B: '2', A: '1' } },
  ];
  it.each(same)('leaves the containers alone for %j', (change) => expect(hash(change)).toBe(hash()));

  const other: Partial<Service>[] = [
    { environment: { A: '1', B: '3' } },
    { command: ['x'] },
    { user: '1000' },
    { mounts: [] },
    { networks: [] },
    { stopGracePeriodMs: 1 },
    { settings: { readOnly: true } },
    { restart: { name: 'always' } },
    { files: [{ kind: 'config', name: 'c', target: '/c', content: 'eA==', uid: 0, gid: 0, mode: 0o444 }] },
    { networks: [{ key: 'default', aliases: [], macAddress: '02:42:00:00:00:01' }] },
    { ports: [tcp(8080, 3000), udp(53)] },
    { labels: { a: 'b' } },
    { ingress: { ...service.ingress, proxyProtocol: 'v2' } },
    // Without an ingress the replicas hold the service's name themselves.
    { ports: [], update: testUpdate() },
  ];
  it.each(other)('asks for other containers for %j', (change) => expect(hash(change)).not.toBe(hash()));

  it('includes the path of a file only if the file may be mounted', () => {
    const from = (source: string, target: string) =>
      hash({
        mounts: [{ kind: 'bind', source: '/srv', target: '/data', readOnly: false }],
        files: [{ kind: 'config', name: 'c', target, content: 'eA==', source }],
      });
    expect(from('/a/c', '/etc/c')).toBe(from('/b/c', '/etc/c'));
    expect(from('/a/c', '/data/c')).not.toBe(from('/b/c', '/data/c'));
  });

  it('includes the id of the image, and its name only if the image is missing', () => {
    expect(hash({}, 'sha256:2')).not.toBe(hash({}, 'sha256:1'));
    const planned = (image: string) => specHash({ ...service, image }, undefined, 'key');
    expect(planned('p-api:2')).not.toBe(planned('p-api:1'));
    expect(planned('p-api:1')).not.toBe(hash());
  });
  it('includes the names of the networks', () => {
    expect(specHash(service, 'sha256:1', 'key', ['p_default'])).not.toBe(
      specHash(service, 'sha256:1', 'key', ['other']),
    );
  });
  it('includes the names of a service without an ingress, because its containers have them', () => {
    const silent: Partial<Service> = { ports: [], update: testUpdate() };
    expect(hash({ ...silent, containerName: 'the-api' })).not.toBe(hash(silent));
    expect(hash({ ...silent, networks: [{ key: 'default', aliases: ['x'] }] })).not.toBe(hash(silent));
  });
  it('ignores proxy labels if the proxy finds the ingress, and includes them if it finds the replicas', () => {
    const labels = { 'traefik.http.routers.a.rule': 'Host(`a.test`)' };
    const change = { labels: { 'traefik.http.routers.a.rule': 'Host(`b.test`)' } };
    expect(hash({ labels })).toBe(hash(change));
    expect(hash({ labels })).toBe(hash());
    expect(hash({ environment: { A: '1', B: '2', VIRTUAL_HOST: 'a.test' } })).toBe(
      hash({ environment: { A: '1', B: '2', VIRTUAL_HOST: 'b.test' } }),
    );
    expect(hash({ labels, discovery: 'replicas' })).not.toBe(hash({ ...change, discovery: 'replicas' }));
  });
  it('cannot be guessed without the key of the project', () => {
    expect(hash({}, 'sha256:1', 'another')).not.toBe(hash());
    expect(hash({ environment: { PASSWORD: 'hunter2' } })).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('ingressSpecHash', () => {
  it('includes the published ports and networks, and nothing else of the service', () => {
    const of = (change: Partial<Service>, networks = ['p_default']) =>
      ingressSpecHash({ ...service, ...change }, undefined, networks, 'key');
    expect(of({ image: 'other', replicas: 7 })).toBe(of({}));
    expect(of({ ports: [tcp(81, 3000)] })).not.toBe(of({}));
    expect(of({}, ['other'])).not.toBe(of({}));
  });
  it('includes the names that the ingress answers to', () => {
    const of = (change: Partial<Service>) =>
      ingressSpecHash({ ...service, ...change }, undefined, ['p_default'], 'key');
    expect(of({ containerName: 'the-api' })).not.toBe(of({}));
    expect(of({ networks: [{ key: 'default', aliases: ['x'] }] })).not.toBe(of({}));
    const fixed = [{ key: 'default', aliases: [], ipv4Address: '10.0.0.9' }];
    expect(of({ networks: fixed })).not.toBe(of({}));
  });
  it('stays the same if the file gives no addresses', () => {
    expect(ingressSpecHash(testService(), testTraits(), ['p_default'], 'key')).toBe('79f36af4b0fb4924');
  });
  it('includes what a proxy sees: labels, environment, exposed ports', () => {
    const labels = { 'traefik.http.routers.a.rule': 'Host(`a.test`)' };
    const of = (change: Partial<Service>, exposedPorts: number[] = []) =>
      ingressSpecHash({ ...service, ...change }, testTraits({ exposedPorts }), ['p_default'], 'key');
    expect(of({ labels })).not.toBe(of({}));
    expect(of({ labels: { 'traefik.http.routers.a.rule': 'Host(`b.test`)' } })).not.toBe(of({ labels }));
    expect(of({ environment: { VIRTUAL_HOST: 'a.test' } })).not.toBe(of({}));
    expect(of({ labels }, [80])).not.toBe(of({ labels }));
    expect(of({ labels, discovery: 'replicas' })).not.toBe(of({ labels }));
  });
  it('ignores exposed ports and other labels if no proxy looks for it', () => {
    const of = (change: Partial<Service>, exposedPorts: number[] = []) =>
      ingressSpecHash({ ...service, ...change }, testTraits({ exposedPorts }), ['p_default'], 'key');
    expect(of({ labels: { team: 'a' }, environment: { HSTS: 'off' } }, [80])).toBe(of({}));
  });
  it('changes with a UDP port that takes its names away', () => {
    const of = (change: Partial<Service>) =>
      ingressSpecHash({ ...service, ...change }, undefined, ['p_default'], 'key');
    expect(of({ exposesUdp: true })).not.toBe(of({}));
    expect(of({ ports: [...service.ports, udp(53)] })).toBe(of({ exposesUdp: true }));
  });
  it('ignores settings that change while it runs: modes, and the ports of the replicas', () => {
    const of = (change: Partial<Service>) =>
      ingressSpecHash({ ...service, ...change }, undefined, ['p_default'], 'key');
    expect(of({ ports: [tcp(8080, 3000, { mode: 'tcp' })] })).toBe(of({}));
  });
});

describe('definitionHash', () => {
  const network: Network = { key: 'default', name: 'p_default', external: false, driver: 'bridge' };
  it('includes the definition of a network, not its name in the file', () => {
    expect(definitionHash({ ...network, key: 'front' }, 'key')).toBe(definitionHash(network, 'key'));
    expect(definitionHash({ ...network, internal: true }, 'key')).not.toBe(definitionHash(network, 'key'));
  });
});
