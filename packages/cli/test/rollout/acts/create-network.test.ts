import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { LobbieError } from '../../../src/model/errors.ts';
import { LABEL } from '../../../src/model/names.ts';
import type { Network } from '../../../src/model/project.ts';
import { createNetwork } from '../../../src/rollout/acts/create-network.ts';
import type { Host } from '../../../src/rollout/observe/subnets-in-use.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';

const NETWORK: Network = { key: 'default', name: 'p_default', external: false };
/** A machine that is not the engine's: only the engine knows which subnets are free. */
const ELSEWHERE: Host = { name: 'elsewhere', read: async () => undefined };

/** The context, as far as it is read. */
const contextOf = async (engine: ScriptedEngine) => {
  const info = await engine.info();
  return {
    engine,
    projectName: 'p',
    ledger: { key: 'key' } as Ledger,
    info,
    addresses: { subnets: new Set<string>() },
  };
};
const create = async (engine: ScriptedEngine, network = NETWORK, host = ELSEWHERE): Promise<void> =>
  createNetwork(await contextOf(engine), network, host);
const made = (engine: ScriptedEngine) =>
  engine.calls.filter((call) => / network (?!bridge)/.test(call) && !call.startsWith('inspect'));

it('makes a network with the subnet that the engine chose, and the lower half of it for the engine', async () => {
  const engine = scriptedEngine();
  await create(engine);
  expect(await engine.inspectNetwork('p_default')).toMatchObject({
    pools: [{ subnet: '10.1.0.0/16', gateway: '10.1.0.1', ipRange: '10.1.0.0/17' }],
    labels: { [LABEL.role]: 'network', [LABEL.addresses]: 'fixed', 'com.docker.compose.network': 'default' },
  });
  expect(made(engine)).toEqual(['create network p_default', 'remove network p_default', 'create network p_default']);
});

it('asks nothing where the file gives the subnet', async () => {
  const engine = scriptedEngine();
  const network = { ...NETWORK, ipam: { pools: [{ subnet: '10.77.0.0/24' }] } };
  await create(engine, network);
  expect(await engine.inspectNetwork('p_default')).toMatchObject({
    pools: [{ subnet: '10.77.0.0/24', ipRange: '10.77.0.0/25' }],
  });
  expect(made(engine)).toEqual(['create network p_default']);
});

it('chooses again when another network takes the subnet meanwhile, and leaves the choice to the engine in the end', async () => {
  const engine = scriptedEngine();
  const { createNetwork: makeNetwork } = engine;
  let rivals = 1;
  engine.createNetwork = async (spec) => {
    const subnet = spec.ipam?.pools?.[0]?.subnet;
    if (subnet !== undefined && rivals-- > 0)
      await makeNetwork({ name: `rival in ${subnet}`, labels: {}, ipam: { pools: [{ subnet }] } });
    return makeNetwork(spec);
  };
  await create(engine);
  expect(await engine.inspectNetwork('p_default')).toMatchObject({ pools: [{ ipRange: '10.2.0.0/17' }] });

  await engine.removeNetwork('p_default');
  rivals = Number.POSITIVE_INFINITY;
  await create(engine);
  const found = await engine.inspectNetwork('p_default');
  expect(found?.pools).not.toHaveProperty('0.ipRange');
  expect(found?.labels).toMatchObject({ [LABEL.role]: 'network' });
});

it('makes no second network where the engine is gone', async () => {
  const engine = scriptedEngine();
  engine.createNetwork = async () => {
    throw new LobbieError('ENGINE_UNREACHABLE', 'gone');
  };
  await expect(create(engine)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
});

it('removes what a command left that died while it looked, and nothing of others', async () => {
  const engine = scriptedEngine();
  const labels = { [LABEL.project]: 'p', [LABEL.role]: 'probe' };
  await engine.createNetwork({ name: 'p_default', labels });
  await create(engine);
  expect(await engine.inspectNetwork('p_default')).toMatchObject({ labels: { [LABEL.role]: 'network' } });

  const other = scriptedEngine();
  await other.createNetwork({ name: 'p_default', labels: { ...labels, [LABEL.project]: 'other' } });
  await create(other);
  expect(await other.inspectNetwork('p_default')).toMatchObject({ labels: { [LABEL.project]: 'other' } });
});

describe('on the engine’s own machine', () => {
  const routes = (...others: string[]) => [
    { device: 'docker0', subnet: '172.17.0.0/16' },
    ...others.map((subnet) => ({ device: 'tun0', subnet })),
  ];
  const host = (...others: string[]): Host => ({
    name: 'engine-host',
    read: async () => ({ routes: routes(...others), nameservers: [] }),
  });
  const local = async (): Promise<ScriptedEngine> => {
    const engine = { ...scriptedEngine(), endpoint: { url: 'unix:///x', chosenBy: 'the test', local: true } };
    const driverOpts = { 'com.docker.network.bridge.name': 'docker0' };
    await engine.createNetwork({
      name: 'bridge',
      labels: {},
      driverOpts,
      ipam: { pools: [{ subnet: '172.17.0.0/16' }] },
    });
    return engine;
  };

  it('makes a network once, in the first subnet that is free there', async () => {
    const engine = await local();
    await create(engine, NETWORK, host('172.18.0.0/15', '172.20.128.0/24'));
    expect(await engine.inspectNetwork('p_default')).toMatchObject({
      pools: [{ subnet: '172.21.0.0/16', gateway: '172.21.0.1', ipRange: '172.21.0.0/17' }],
      labels: { [LABEL.role]: 'network', [LABEL.addresses]: 'fixed' },
    });
    expect(made(engine)).toEqual(['create network p_default']);
  });

  it('makes several at once in different subnets', async () => {
    const engine = await local();
    const context = await contextOf(engine);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await Promise.all(names.map((name) => createNetwork(context, { ...NETWORK, name }, host())));
    expect(made(engine)).toEqual(names.map((name) => `create network ${name}`));
  });

  it('asks the engine if routes lead everywhere', async () => {
    const engine = await local();
    await create(engine, NETWORK, host('0.0.0.0/1', '128.0.0.0/1'));
    expect(await engine.inspectNetwork('p_default')).toMatchObject({ pools: [{ ipRange: '10.1.0.0/17' }] });
  });

  it('asks the engine for both subnets of a network with IPv6', async () => {
    const engine = await local();
    await create(engine, { ...NETWORK, enableIpv6: true }, host());
    expect(made(engine)).toEqual(['create network p_default', 'remove network p_default', 'create network p_default']);
  });

  it('takes the next subnet if another command takes the chosen one', async () => {
    const engine = await local();
    const { createNetwork: makeNetwork } = engine;
    await makeNetwork({ name: 'there', labels: {}, ipam: { pools: [{ subnet: '172.18.0.0/16' }] } });
    let rivals = 2;
    engine.createNetwork = async (spec) => {
      if (spec.name === 'p_default' && rivals > 0) {
        rivals -= 1;
        await makeNetwork({ name: `rival ${rivals}`, labels: {}, ...(spec.ipam && { ipam: spec.ipam }) });
      }
      return makeNetwork(spec);
    };
    const there = { device: 'br-id of there', subnet: '172.18.0.0/16' };
    await create(engine, NETWORK, { ...host(), read: async () => ({ routes: [there], nameservers: [] }) });
    expect(await engine.inspectNetwork('p_default')).toMatchObject({ pools: [{ subnet: '172.21.0.0/16' }] });
  });
});
