import { expect, it } from 'vitest';
import type { NetworkDetails } from '../../../src/model/engine-spec.ts';
import { peerNetworks } from '../../../src/plan/ingress-input.ts';
import { readPeers } from '../../../src/rollout/ingresses/read-peers.ts';
import { aProject, aService } from '../a-service.ts';

const peersOn = (pools: NetworkDetails['pools'], { driver = 'bridge', external = false, labels = {} } = {}) => {
  const inspectNetwork = async (name: string): Promise<NetworkDetails | undefined> =>
    name === 'p_default' ? { id: name, labels: {}, driver, driverOpts: {}, pools } : undefined;
  const service = aService('web', { labels, networks: [{ key: 'default', aliases: [] }] });
  const project = { ...aProject([service]), networks: [{ key: 'default', name: 'p_default', external }] };
  return readPeers({ inspectNetwork }, peerNetworks(service, project));
};
const pool = { subnet: '172.20.0.0/16', gateway: '172.20.0.1' };

it('takes the subnets of the networks of the project', async () => {
  const v6 = { subnet: 'fd00:1::/64', gateway: 'fd00:1::1/64' };
  expect(await peersOn([pool, v6])).toEqual({
    subnets: ['172.20.0.0/16', 'fd00:1::/64'],
    gateways: ['172.20.0.1', 'fd00:1::1'],
  });
});

it.each([
  ['a network that others made', { external: true }],
  ['a network that the LAN is on too', { driver: 'macvlan' }],
  ['a network whose driver nobody knows', { driver: 'weave' }],
])('takes nobody on %s for a container of the project', async (_, network) =>
  expect(await peersOn([pool], network)).toEqual({ subnets: [], gateways: ['172.20.0.1'] }),
);

it.each([
  ['172.20.0.0/16', undefined, '172.20.0.1'],
  ['10.99.0.0/24', '10.99.0.128/25', '10.99.0.128'],
  ['10.99.0.0/24', '10.99.0.0/25', '10.99.0.1'],
  ['fd00:1::/64', undefined, 'fd00:1::1'],
])('knows the gateway of %s with the range %s where the engine does not tell it', async (subnet, ipRange, gateway) =>
  expect(await peersOn([{ subnet, ...(ipRange !== undefined && { ipRange }) }])).toEqual({
    subnets: [subnet],
    gateways: [gateway],
  }),
);

it('takes everyone on an external network for a proxy where a proxy finds the service by its labels', async () =>
  expect(await peersOn([pool], { external: true, labels: { 'traefik.enable': 'true' } })).toEqual({
    subnets: ['172.20.0.0/16'],
    gateways: ['172.20.0.1'],
  }));
