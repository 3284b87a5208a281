import { describe, expect, it } from 'vitest';
import { create, run, type Subject } from './subject.ts';

/** Networks, the addresses of containers in them, and published ports. */
export function networksContract(subject: Subject): void {
  const { engine, name, labels, subnet } = subject;
  const network = name('net');
  const at = (last: number) => ({ name: network, aliases: [], ipv4Address: `${subnet}.${last}` });
  const pools = [{ subnet: `${subnet}.0/24`, gateway: `${subnet}.1` }];
  const make = () => engine.createNetwork({ name: network, labels, ipam: { pools } });

  describe('a network', () => {
    it('is created once, and is kept as it is', async () => {
      await make();
      const made = await engine.inspectNetwork(network);
      expect(made).toMatchObject({ labels, driver: 'bridge', driverOpts: {}, pools });
      await engine.createNetwork({ name: network, labels: {} });
      expect(await engine.inspectNetwork(network)).toEqual(made);
      expect(await engine.inspectNetwork(made?.id ?? '')).toEqual(made);
    });

    it('is found by all its labels', async () => {
      const namesOf = async (wanted: Readonly<Record<string, string>>): Promise<string[]> =>
        (await engine.listNetworks(wanted)).map((one) => one.name);
      expect(await namesOf(labels)).toContain(network);
      expect(await namesOf({ ...labels, other: 'label' })).toEqual([]);
    });

    it('that is missing is undefined, and counts as removed', async () => {
      expect(await engine.inspectNetwork(name('no-net'))).toBeUndefined();
      await engine.removeNetwork(name('no-net'));
    });

    it('cannot overlap with another one', async () => {
      const other = { name: name('overlap'), labels, ipam: { pools: [{ subnet: `${subnet}.128/25` }] } };
      await expect(engine.createNetwork(other)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      expect(await engine.inspectNetwork(other.name)).toBeUndefined();
    });

    it('has to be there when a container is created in it', async () => {
      const networks = [{ name: name('no-net'), aliases: [] }];
      await expect(run(subject, name('netless'), { networks })).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
    });

    it('is not removed while a container runs in it', async () => {
      const id = await run(subject, name('inside'), { networks: [{ name: network, aliases: [] }] });
      await expect(engine.removeNetwork(network)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect(await engine.inspectNetwork(network)).toBeDefined();
      await engine.removeContainer(id, { force: true });
      await engine.removeNetwork(network);
      expect(await engine.inspectNetwork(network)).toBeUndefined();
      await make();
    });
  });

  describe('an address', () => {
    it('is in the network’s subnet, and exists while the container runs', async () => {
      const id = await create(subject, name('address'), { networks: [{ name: network, aliases: [] }] });
      expect((await engine.inspectContainer(id))?.addresses).toEqual({});
      expect((await engine.inspectContainer(id))?.heldAddresses).toEqual({ [network]: [] });
      await engine.startContainer(id);
      const { addresses = {}, heldAddresses } = (await engine.inspectContainer(id)) ?? {};
      expect(addresses[network]).toMatch(new RegExp(`^${subnet.replaceAll('.', '\\.')}\\.\\d+$`));
      expect(heldAddresses).toEqual({ [network]: [addresses[network]] });
      await engine.stopContainer(id, 0);
      expect((await engine.inspectContainer(id))?.addresses).toEqual({});
      expect((await engine.inspectContainer(id))?.heldAddresses).toEqual({ [network]: [] });
    });

    it('from the file is held before and after the container runs', async () => {
      const id = await create(subject, name('static'), { networks: [at(40)] });
      expect((await engine.inspectContainer(id))?.heldAddresses).toEqual({ [network]: [`${subnet}.40`] });
      await engine.startContainer(id);
      expect((await engine.inspectContainer(id))?.addresses).toEqual({ [network]: `${subnet}.40` });
      await engine.stopContainer(id, 0);
      expect((await engine.inspectContainer(id))?.addresses).toEqual({});
      expect((await engine.inspectContainer(id))?.heldAddresses).toEqual({ [network]: [`${subnet}.40`] });
    });

    it('belongs to one container that runs', async () => {
      const first = await run(subject, name('first'), { networks: [at(41)] });
      const second = await create(subject, name('second'), { networks: [at(41)] });
      await expect(engine.startContainer(second)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect((await engine.inspectContainer(second))?.state).not.toBe('running');
      await engine.stopContainer(first, 0);
      await engine.startContainer(second);
      expect((await engine.inspectContainer(second))?.addresses).toEqual({ [network]: `${subnet}.41` });
    });

    it('must be in the network’s subnet', async () => {
      const networks = [{ name: network, aliases: [], ipv4Address: '10.250.0.5' }];
      await expect(run(subject, name('outside'), { networks })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });
  });

  describe('a published port', () => {
    it('belongs to one container that runs', async () => {
      const networks = [{ name: network, aliases: [] }];
      const publishing = (published: number, protocol: 'tcp' | 'udp' = 'tcp') => ({
        networks,
        ports: [{ target: 80, protocol, published, hostIp: '127.0.0.1' } as const],
      });
      const first = await run(subject, name('port-1'), publishing(0));
      const published = (await engine.inspectContainer(first))?.ports[0]?.published ?? 0;
      expect(published).toBeGreaterThan(0);
      const second = await create(subject, name('port-2'), publishing(published));
      await expect(engine.startContainer(second)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
      expect((await engine.inspectContainer(second))?.ports).toEqual([]);
      await run(subject, name('port-3'), publishing(published, 'udp'));
      await engine.removeContainer(first, { force: true });
      await engine.startContainer(second);
      expect((await engine.inspectContainer(second))?.ports).toEqual([
        { target: 80, protocol: 'tcp', published, hostIp: '127.0.0.1' },
      ]);
      await engine.stopContainer(second, 0);
      expect((await engine.inspectContainer(second))?.ports).toEqual([]);
    });
  });
}
