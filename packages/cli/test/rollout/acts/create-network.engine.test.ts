import { expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { Network } from '../../../src/model/project.ts';
import { chooseAddress } from '../../../src/plan/fixed-addresses.ts';
import { fixedPools } from '../../../src/plan/share-pools.ts';
import { createNetwork } from '../../../src/rollout/acts/create-network.ts';
import { runContainer } from '../../engine/test-container.ts';
import { describeEngine } from '../../engine-available.ts';
import { runName } from '../../run/run-name.ts';

/** Subnets that nothing else on an engine is likely to have; one octet is the run's own. */
const octet = process.pid % 250;

describeEngine('networks with fixed addresses', (engine) => {
  const make = async (change: Partial<Network> = {}): Promise<string> => {
    const name = runName('net');
    const network: Network = { key: 'default', name, external: false, ...change };
    // The cast: nothing else of it is read.
    const info = await engine.info();
    const addresses = { subnets: new Set<string>() };
    await createNetwork({ engine, projectName: 'p', ledger: { key: 'key' } as Ledger, info, addresses }, network);
    return name;
  };

  it('are made side by side', async () => {
    const names = await Promise.all([make(), make(), make()]);
    try {
      for (const name of names) expect(fixedPools((await engine.inspectNetwork(name)) ?? nothing)).toHaveLength(1);
    } finally {
      for (const name of names) await engine.removeNetwork(name);
    }
  });

  it('give an address to its owner alone, of both families', async () => {
    const six = `fd00:7f:1${octet.toString(16)}:`;
    const name = await make({ enableIpv6: true, ipam: { pools: [{ subnet: `${six}:/64` }] } });
    const made: string[] = [];
    try {
      const pools = fixedPools((await engine.inspectNetwork(name)) ?? nothing);
      const [ipv4Address = '', ipv6Address = ''] = pools
        .flatMap((pool) => chooseAddress(pool, { part: 'names', key: name, before: [], taken: new Set() }) ?? [])
        .toSorted((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
      const owner = await runContainer(engine, {
        name: runName('owner'),
        networks: [{ name, aliases: [], ipv4Address, ipv6Address }],
      });
      made.push(owner);
      expect((await engine.inspectContainer(owner))?.heldAddresses[name]).toEqual([ipv4Address, ipv6Address]);
    } finally {
      for (const id of made) await engine.removeContainer(id, { force: true });
      await engine.removeNetwork(name);
    }
  });

  it('are left as the file says where they are too small', async () => {
    const subnet = `10.248.${octet}.0/29`;
    const name = await make({ ipam: { pools: [{ subnet }] } });
    try {
      expect((await engine.inspectNetwork(name))?.pools).toEqual([{ subnet }]);
    } finally {
      await engine.removeNetwork(name);
    }
  });
});

const nothing = { id: '', labels: {}, driver: '', driverOpts: {}, pools: [] };
