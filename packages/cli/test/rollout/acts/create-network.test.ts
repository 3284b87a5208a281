import { expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { LobbieError } from '../../../src/model/errors.ts';
import { LABEL } from '../../../src/model/names.ts';
import type { Network } from '../../../src/model/project.ts';
import { createNetwork } from '../../../src/rollout/acts/create-network.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';

const NETWORK: Network = { key: 'default', name: 'p_default', external: false };
/** As far as it is looked at. */
const create = (engine: ScriptedEngine, network = NETWORK): Promise<void> =>
  createNetwork({ engine, projectName: 'p', ledger: { key: 'key' } as Ledger }, network);
const made = (engine: ScriptedEngine) => engine.calls.filter((call) => !call.startsWith('inspect'));

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
