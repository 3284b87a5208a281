import { describe, expect, it } from 'vitest';
import { asksForExposed, isDiscovered, namedPorts } from '../../src/model/discovery.ts';
import { hasIngress, type Service } from '../../src/model/service.ts';
import {
  exposedByIngress,
  hiddenLabels,
  movedKeys,
  proxiedPorts,
  replicaEnvironment,
  replicaLabels,
  shownByIngress,
} from '../../src/model/shown-to-proxies.ts';
import { tcp, testService, testUpdate } from '../plan/plan-fixtures.ts';

const quiet = (change: Partial<Service>): Service =>
  testService({ name: 'web', ports: [], update: testUpdate(), ...change });
const labelled = (labels: Record<string, string>, change: Partial<Service> = {}) => quiet({ labels, ...change });
const set = (environment: Record<string, string | null>, change: Partial<Service> = {}) =>
  quiet({ environment, ...change });

const TRAEFIK = {
  'traefik.enable': 'true',
  'traefik.http.routers.web.rule': 'Host(`web.test`)',
  'traefik.http.services.web.loadbalancer.server.port': '8080',
};

describe('isDiscovered', () => {
  it.each<[string, Service]>([
    ['a label of Traefik', labelled({ 'traefik.http.routers.web.rule': 'Host(`web.test`)' })],
    ['its enable label alone', labelled({ 'traefik.enable': 'true' })],
    ['a label in capitals', labelled({ 'Traefik.HTTP.Routers.web.Rule': 'Host(`web.test`)' })],
    ['a label of Caddy', labelled({ caddy: 'web.test' })],
    ['a directive of Caddy', labelled({ 'caddy.reverse_proxy': '{{upstreams 80}}' })],
    ['a numbered label of Caddy', labelled({ 'caddy_0.reverse_proxy': '{{upstreams 80}}' })],
    ['VIRTUAL_HOST', set({ VIRTUAL_HOST: 'web.test' })],
    ['VIRTUAL_HOST_MULTIPORTS', set({ VIRTUAL_HOST_MULTIPORTS: '{web.test: {}}' })],
  ])('finds %s, and gives the service an ingress', (_, service) => {
    expect(isDiscovered(service)).toBe(true);
    expect(hasIngress(service)).toBe(true);
  });

  it.each<[string, Service]>([
    ['no key', quiet({})],
    ['a service that Traefik leaves out', labelled({ ...TRAEFIK, 'traefik.enable': 'false' })],
    ['an empty VIRTUAL_HOST', set({ VIRTUAL_HOST: '', VIRTUAL_PORT: '80' })],
    ['a VIRTUAL_HOST that is taken away', set({ VIRTUAL_HOST: null })],
    ['a certificate alone', set({ LETSENCRYPT_HOST: 'mail.test' })],
    ['other names', set({ VIRTUAL_ENV: '/venv' }, { labels: { 'caddyfile.x': '1', traefikish: '1' } })],
    ['the mark of the proxy', labelled({ 'com.github.nginx-proxy.nginx-proxy.nginx': '' })],
    ['UDP routes', labelled({ ...TRAEFIK, 'traefik.udp.routers.dns.entrypoints': 'dns' })],
    ['a service that wants its replicas found', labelled(TRAEFIK, { discovery: 'replicas' })],
  ])('passes over %s', (_, service) => {
    expect(isDiscovered(service)).toBe(false);
    expect(hasIngress(service)).toBe(false);
  });
  it('gives no ingress to a job, or if lobbie does not manage the network', () => {
    expect(hasIngress(labelled(TRAEFIK, { job: true }))).toBe(false);
    expect(hasIngress(labelled(TRAEFIK, { networkMode: 'host' }))).toBe(false);
  });
});

describe('namedPorts', () => {
  it.each<[Service, number[]]>([
    [labelled(TRAEFIK), [8080]],
    [labelled({ 'traefik.tcp.services.db.loadbalancer.server.port': '5432' }), [5432]],
    [labelled({ 'traefik.HTTP.services.db.loadBalancer.server.Port': ' 3000 ' }), [3000]],
    [labelled({ 'traefik.port': '81' }), [81]],
    [labelled({ 'traefik.admin.port': '82', 'traefik.api.port': '83' }), [82, 83]],
    [labelled({ 'traefik.http.services.web.loadbalancer.server.url': 'http://web:3000' }), [3000]],
    [labelled({ 'traefik.http.middlewares.tls.redirectscheme.port': '443' }), []],
    [labelled({ 'traefik.http.services.web.loadbalancer.healthcheck.port': '9000' }), []],
    [labelled({ 'traefik.http.services.web.loadbalancer.server.port': 'http' }), []],
    [labelled({ 'caddy.reverse_proxy': '{{upstreams 8080}}' }), [8080]],
    [labelled({ 'caddy.reverse_proxy': '/api/* {{ upstreams http 9000 }}' }), [9000]],
    [labelled({ 'caddy.reverse_proxy': '{{upstreams}}' }), [80]],
    [labelled({ 'caddy.reverse_proxy': '{{upstreams https}}' }), [443]],
    [labelled({ 'caddy_1.handle.0_reverse_proxy': '{{upstreams 3000}} {{upstreams 3001}}' }), [3000, 3001]],
    [labelled({ 'caddy.reverse_proxy': 'web:3000 other:4000' }), [3000]],
    [set({ VIRTUAL_HOST: 'web.test', VIRTUAL_PORT: '3000' }), [3000]],
    [set({ VIRTUAL_PORT: '3000' }), []],
    [set({ VIRTUAL_HOST_MULTIPORTS: 'web.test:\n  "/":\n    port: 81\n  "/api":\n    "port": "82"\n' }), [81, 82]],
    [set({ VIRTUAL_HOST_MULTIPORTS: '{web.test: {/: {port: 83}}}', VIRTUAL_HOST: 'a', VIRTUAL_PORT: '9' }), [83]],
  ])('reads the ports of case %#', (service, ports) => {
    expect(namedPorts(service)).toEqual(ports);
  });
});

describe('what an ingress shows instead of its replicas', () => {
  it('is every label of the proxies, and no other', () => {
    const service = labelled({
      ...TRAEFIK,
      caddy: 'web.test',
      caddy_ingress_network: 'proxy',
      'com.example.team': 'a',
    });
    const { labels } = shownByIngress(service);
    expect(labels).toEqual({ ...TRAEFIK, caddy: 'web.test', caddy_ingress_network: 'proxy' });
    expect(replicaLabels(service)).toEqual({ 'com.example.team': 'a' });
    expect(hiddenLabels(service)).toEqual({ 'traefik.enable': 'false' });
  });
  it('is the environment of nginx-proxy and acme-companion; the application keeps the rest', () => {
    const routing = {
      VIRTUAL_HOST: 'a.test',
      VIRTUAL_PORT: '80',
      LETSENCRYPT_HOST: 'a.test',
      ACME_CA_URI: 'https://ca',
    };
    const own = { LOG_LEVEL: 'debug', ACME_TOKEN_URL: 'x', VIRTUAL_ENV: '/venv', LETSENCRYPT_DOMAIN: 'a.test' };
    const service = set({ ...routing, HTTPS_METHOD: 'noredirect', ...own });
    expect(shownByIngress(service).environment).toEqual({ ...routing, HTTPS_METHOD: 'noredirect' });
    expect(replicaEnvironment(service)).toEqual({
      HTTPS_METHOD: 'noredirect',
      ...own,
    });
  });
  it('leaves the environment alone if the service has no proxy', () => {
    const service = set({ LETSENCRYPT_HOST: 'mail.test' }, { ports: [tcp(25, 25)] });
    expect(replicaEnvironment(service)).toEqual({ LETSENCRYPT_HOST: 'mail.test' });
    expect(shownByIngress(service).environment).toEqual({});
  });
  it('leaves out labels that would act on the ingress: health checks of a proxy, restarts for a certificate', () => {
    const service = labelled(
      {
        ...TRAEFIK,
        'traefik.http.services.web.loadbalancer.healthcheck.path': '/up',
        caddy: 'web.test',
        'caddy.reverse_proxy.health_uri': '/up',
      },
      { environment: { VIRTUAL_HOST: 'web.test', LETSENCRYPT_RESTART_CONTAINER: 'true' } },
    );
    expect(shownByIngress(service)).toEqual({
      labels: { ...TRAEFIK, caddy: 'web.test' },
      environment: { VIRTUAL_HOST: 'web.test' },
    });
    expect(replicaLabels(service)).toEqual({});
  });
  it('keeps both from Traefik where the file says so', () => {
    const service = labelled({ 'traefik.enable': 'false' }, { ports: [tcp(80, 80)] });
    expect(shownByIngress(service).labels).toEqual({ 'traefik.enable': 'false' });
    expect(hiddenLabels(service)).toEqual({ 'traefik.enable': 'false' });
    expect(movedKeys(service)).toEqual([]);
  });
  it('is nothing where the replicas are to be found: there the ingress is hidden', () => {
    const service = labelled(TRAEFIK, {
      discovery: 'replicas',
      ports: [tcp(80, 80)],
      environment: { VIRTUAL_HOST: 'a' },
    });
    expect(shownByIngress(service)).toEqual({ labels: { 'traefik.enable': 'false' }, environment: {} });
    expect(replicaLabels(service)).toEqual(TRAEFIK);
    expect(hiddenLabels(service)).toEqual({});
    expect(replicaEnvironment(service)).toEqual({ VIRTUAL_HOST: 'a' });
  });
});

describe('the ports that a proxy sees', () => {
  it('are those that the keys name, whatever the image exposes', () => {
    const service = labelled(TRAEFIK);
    expect(exposedByIngress(service, [80, 443])).toEqual([8080]);
    expect(proxiedPorts(service)).toEqual([8080]);
  });
  it('are the exposed ones where the keys name none', () => {
    const service = labelled({ 'traefik.http.routers.web.rule': 'Host(`web.test`)' });
    expect(exposedByIngress(service, [3000])).toEqual([3000]);
    expect(proxiedPorts(service)).toEqual([]);
  });
  it('are those of the container where one of several services leaves its port unsaid', () => {
    const service = labelled({ ...TRAEFIK, 'traefik.http.services.b.loadbalancer.server.scheme': 'http' });
    expect(asksForExposed(service)).toBe(true);
    expect(exposedByIngress(service, [3000])).toEqual([3000]);
  });
  it('are those of the container for nginx-proxy, which takes the only one, or 80', () => {
    const service = set({ VIRTUAL_HOST: 'web.test' });
    expect(exposedByIngress(service, [3000, 8080])).toEqual([3000, 8080]);
    expect(exposedByIngress(service, [3000])).toEqual([3000]);
    // The gate finds out whether anything listens on 80.
    expect(proxiedPorts(service)).toEqual([]);
  });
  it('are the published ones besides', () => {
    expect(exposedByIngress(labelled(TRAEFIK, { ports: [tcp(443, 8443)] }), [80])).toEqual([8443, 8080]);
  });
});
