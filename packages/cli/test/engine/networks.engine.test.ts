import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOlder } from '../../src/engine/api-version.ts';
import type { ContainerSpec, EndpointSpec } from '../../src/model/container.ts';
import { describeEngine } from '../engine-available.ts';
import { askEngine } from '../promises/ask-engine.ts';
import { runContainer, sleeper, TEST_LABELS } from './test-container.ts';

/** Subnets that nothing else on an engine is likely to have; one octet is the run's own. */
const octet = process.pid % 250;
const SUBNET = `10.249.${octet}`;
const SUBNET_6 = `fd00:7e:1${octet.toString(16)}:`;

describeEngine('networks', (engine) => {
  const net = { chosen: sleeper('net-chosen'), given: sleeper('net-given'), six: sleeper('net-six') };
  const made = new Set<string>();
  const run = (what: string, networks: EndpointSpec[], more: Partial<ContainerSpec> & { start?: boolean } = {}) => {
    const name = sleeper(`net-${what}`);
    made.add(name);
    return runContainer(engine, { name, networks, ...more });
  };
  beforeAll(async () => {
    await engine.createNetwork({
      name: net.given,
      labels: TEST_LABELS,
      driver: 'bridge',
      driverOpts: { 'com.docker.network.bridge.enable_icc': 'true' },
      internal: true,
      attachable: true,
      ipam: {
        driver: 'default',
        pools: [
          {
            subnet: `${SUBNET}.0/24`,
            gateway: `${SUBNET}.2`,
            ipRange: `${SUBNET}.128/25`,
            auxAddresses: { printer: `${SUBNET}.9` },
          },
        ],
      },
    });
    await engine.createNetwork({ name: net.chosen, labels: TEST_LABELS });
    await engine.createNetwork({
      name: net.six,
      labels: TEST_LABELS,
      enableIpv6: true,
      ipam: { pools: [{ subnet: `${SUBNET_6}:/64` }] },
    });
  });
  afterAll(async () => {
    for (const name of made) await engine.removeContainer(name, { force: true });
    for (const name of Object.values(net)) await engine.removeNetwork(name);
  });

  it('are made as they were asked for', async () => {
    expect(await askEngine(engine, `/networks/${net.given}`)).toMatchObject({
      Driver: 'bridge',
      Internal: true,
      Attachable: true,
      EnableIPv6: false,
      Options: { 'com.docker.network.bridge.enable_icc': 'true' },
      Labels: TEST_LABELS,
      IPAM: {
        Driver: 'default',
        Config: [
          {
            Subnet: `${SUBNET}.0/24`,
            Gateway: `${SUBNET}.2`,
            IPRange: `${SUBNET}.128/25`,
            AuxiliaryAddresses: { printer: `${SUBNET}.9` },
          },
        ],
      },
    });
    expect(await askEngine(engine, `/networks/${net.six}`)).toMatchObject({ EnableIPv6: true, Driver: 'bridge' });
  });

  it('are found by their labels', async () => {
    const found = await engine.listNetworks(TEST_LABELS);
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ name: net.given, labels: TEST_LABELS })]));
    expect(await engine.listNetworks({ ...TEST_LABELS, other: 'label' })).toEqual([]);
  });

  it('give static addresses, in the first network and in further ones', async () => {
    const six = { name: net.six, aliases: [], ipv6Address: `${SUBNET_6}:77` };
    const given = (last: number) => ({ name: net.given, aliases: [`a${last}`], ipv4Address: `${SUBNET}.${last}` });
    const mac = '02:42:0a:f9:00:21';
    const ids = [
      await run('static-1', [{ ...given(21), macAddress: mac }, six]),
      await run('static-2', [{ name: net.chosen, aliases: [] }, given(22)]),
    ];
    const [one, two] = await Promise.all(ids.map((id) => engine.inspectContainer(id)));
    expect(one?.addresses[net.given]).toBe(`${SUBNET}.21`);
    expect(two?.addresses[net.given]).toBe(`${SUBNET}.22`);
    expect(await askEngine(engine, `/containers/${ids[0]}/json`)).toMatchObject({
      NetworkSettings: {
        Networks: { [net.given]: { MacAddress: mac }, [net.six]: { GlobalIPv6Address: six.ipv6Address } },
      },
    });
    const asked = await engine.exec(ids[1] ?? '', ['getent', 'hosts', 'a21']);
    expect(asked.output).toMatch(new RegExp(`^${SUBNET}.21 `));
  });

  it('refuse a MAC address in a further network where the engine would forget it', async () => {
    const { apiVersion } = await engine.info();
    const creating = run(
      'far-mac',
      [
        { name: net.chosen, aliases: [] },
        { name: net.six, aliases: [], macAddress: '02:42:0a:f9:00:22' },
      ],
      { start: false },
    );
    if (isOlder(apiVersion, '1.44'))
      await expect(creating).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(net.six),
      });
    else await creating;
  });

  it('are not found by the beginning of an id', async () => {
    const found = await Promise.all([...'0123456789abcdef'].map((digit) => engine.inspectNetwork(digit)));
    expect(found.filter((one) => one !== undefined)).toEqual([]);
  });

  it('are made again in vain: what is there is kept', async () => {
    const before = await engine.inspectNetwork(net.given);
    expect(before).toMatchObject({ labels: TEST_LABELS });
    await engine.createNetwork({ name: net.given, labels: {}, internal: false });
    expect(await engine.inspectNetwork(net.given)).toEqual(before);
  });

  describe('explain', () => {
    it('an address that is taken', async () => {
      const endpoint = { name: net.given, aliases: [], ipv4Address: `${SUBNET}.31` };
      await run('taken-1', [endpoint]);
      await expect(run('taken-2', [endpoint])).rejects.toMatchObject({
        code: 'ENGINE_ERROR',
        message: expect.stringContaining('the static address that it asks for is taken'),
        hint: expect.stringContaining('docker network inspect'),
      });
    });

    it('an address outside of the subnet, in the first network and in a further one', async () => {
      const outside = { name: net.given, aliases: [], ipv4Address: '10.248.0.1' };
      for (const networks of [[outside], [{ name: net.chosen, aliases: [] }, outside]]) {
        await expect(run(`outside-${networks.length}`, networks)).rejects.toMatchObject({
          code: 'INVALID_INPUT',
          message: expect.stringContaining('the address 10.248.0.1 is outside of the subnets of its network'),
        });
      }
    });

    it('an address in a network whose subnet the engine chose', async () => {
      const networks = [{ name: net.chosen, aliases: [], ipv4Address: '10.248.0.1' }];
      await expect(run('chosen', networks)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        hint: expect.stringContaining('ipam'),
      });
    });

    it.each([
      ['a subnet that overlaps', { subnet: `${SUBNET}.0/25` }, /overlaps with that of another network/],
      ['a subnet that is none', { subnet: '10.248.0.0/33' }, /10\.248\.0\.0\/33/],
      ['a gateway outside', { subnet: '10.248.0.0/24', gateway: '10.1.1.1' }, /gateway/i],
    ])('%s', async (_what, pool, message) => {
      const network = { name: sleeper('net-none'), labels: TEST_LABELS, ipam: { pools: [pool] } };
      await expect(engine.createNetwork(network)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(message),
      });
      expect(await engine.inspectNetwork(network.name)).toBeUndefined();
    });
  });
});
