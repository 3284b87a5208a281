import { expect, it } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import { avoidGap } from '../../src/plan/avoid-gap.ts';
import { tcp, testService, testStore, testUpdate, udp } from './plan-fixtures.ts';

const { ingress } = testService();
const data = testStore({ ports: [] }).mounts;
const volumes = [{ key: 'data', name: 'p_data', external: false }];
const bare = (change: Partial<Service>) =>
  testService({ ports: [], mounts: [], update: testUpdate(), networks: [{ key: 'default', aliases: [] }], ...change });

it.each<[cause: string, service: Service, advice: string]>([
  [
    'data behind an ingress',
    bare({ ports: [tcp(8080, 80)], mounts: data }),
    'Requests wait meanwhile. To avoid it: deploy.update_config.order: start-first, if two copies may use volume data at once.',
  ],
  [
    'data and no ingress',
    bare({ mounts: data }),
    'To let connections wait instead of failing: x-lobbie.ingress: true.',
  ],
  [
    'data and an ingress that the file does not want',
    bare({ mounts: data, ingress: { ...ingress, wanted: false } }),
    'To let connections wait: remove x-lobbie.ingress: false.',
  ],
  [
    'stop-first in the file',
    bare({ ports: [tcp(8080, 80)], update: testUpdate({ order: 'stop-first' }) }),
    'Requests wait meanwhile. To avoid it: deploy.update_config.order: start-first, if two copies may run at once.',
  ],
  [
    'nobody reaches it',
    bare({}),
    'To avoid it: deploy.update_config.order: start-first, if two copies may run at once.',
  ],
  [
    'a UDP port',
    bare({ ports: [udp(53)] }),
    'It cannot be avoided: only one container at a time can have UDP port 53 of the host.',
  ],
  [
    'the network of the host',
    bare({ networks: [], networkMode: 'host' }),
    'To avoid it: give it networks and ports instead of network_mode host.',
  ],
  [
    'a static address',
    bare({ networks: [{ key: 'default', aliases: [], ipv4Address: '10.0.0.5' }] }),
    "To avoid it: remove the static address. Other services can use the service's name.",
  ],
  [
    'a MAC address',
    bare({ networks: [{ key: 'default', aliases: [], macAddress: '02:42:ac:11:00:02' }] }),
    'To avoid it: remove mac_address. Only one container at a time can have it.',
  ],
])('says how to avoid a gap for %s', (_, service, advice) => {
  expect(avoidGap(service, undefined, volumes)).toBe(advice);
});
