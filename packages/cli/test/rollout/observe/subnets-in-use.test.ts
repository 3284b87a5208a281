import { describe, expect, it } from 'vitest';
import { type Host, subnetsInUse } from '../../../src/rollout/observe/subnets-in-use.ts';

const network = (id: string, subnet: string, driverOpts: Readonly<Record<string, string>> = {}, driver = 'bridge') => ({
  id,
  name: id,
  labels: {},
  driver,
  driverOpts,
  pools: [{ subnet }],
});
const NETWORKS = [
  network('d0', '172.17.0.0/16', { 'com.docker.network.bridge.name': 'docker0' }),
  network('0123456789abcdef', '172.18.0.0/16'),
  network('lan', '10.1.0.0/16', {}, 'macvlan'),
];
const ROUTES = [
  { device: 'docker0', subnet: '172.17.0.0/16' },
  { device: 'br-0123456789ab', subnet: '172.18.0.0/16' },
  { device: 'tun0', subnet: '10.8.0.0/24' },
];
const host = (routes = ROUTES): Host => ({
  name: 'here',
  read: async () => ({ routes, nameservers: ['192.168.1.1'] }),
});

interface Change {
  readonly local?: boolean;
  readonly rootless?: boolean;
  readonly name?: string;
  readonly networks?: typeof NETWORKS;
  readonly host?: Host;
}
const ask = ({ local = true, rootless = false, name = 'here', ...change }: Change = {}) => {
  const endpoint = { url: 'unix:///x', chosenBy: 'the test', local };
  return subnetsInUse({ endpoint }, { name, rootless }, change.networks ?? NETWORKS, change.host ?? host());
};

const alone = { networks: NETWORKS.slice(0, 1) };
const other = [{ device: 'docker0', subnet: '172.30.0.0/16' }];

describe('subnetsInUse', () => {
  it('are those of networks, of routes and of nameservers', async () => {
    expect(new Set(await ask())).toEqual(
      new Set(['172.17.0.0/16', '172.18.0.0/16', '10.1.0.0/16', '10.8.0.0/24', '192.168.1.1/32']),
    );
  });

  it.each<[string, Change]>([
    ['no network but docker0', alone],
    ['a network that is being created', { networks: [...NETWORKS, network('ffffffffffffffff', '172.19.0.0/16')] }],
  ])('are known with %s', async (_, change) => {
    expect(await ask(change)).toContain('10.8.0.0/24');
  });

  it.each<[string, Change]>([
    ['the engine is remote', { local: false }],
    ['the engine is rootless', { rootless: true }],
    ['the engine runs in a machine of its own', { name: 'docker-desktop' }],
    ['the system has no table of routes', { host: { name: 'here', read: async () => undefined } }],
    ['lobbie runs in a container', { host: host([{ device: 'eth0', subnet: '172.18.0.0/16' }]) }],
    ['another engine has its docker0 here', { host: host(ROUTES.slice(0, 1)) }],
    ['another engine has its docker0 here, and there is no other network', { ...alone, host: host(other) }],
    ['another engine has the subnet here', { host: host(ROUTES.map((one) => ({ ...one, device: 'br-other' }))) }],
    ['the engine has no bridge', { networks: NETWORKS.slice(2) }],
  ])('are not known if %s', async (_, change) => {
    expect(await ask(change)).toBeUndefined();
  });
});
