import { expect, it } from 'vitest';
import { LobbieError } from '../../../src/model/errors.ts';
import { LABEL } from '../../../src/model/names.ts';
import type { Network } from '../../../src/model/project.ts';
import { createNetwork } from '../../../src/rollout/acts/create-network.ts';
import type { RolloutContext } from '../../../src/rollout/context.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';

const NETWORK: Network = { key: 'default', name: 'p_default', external: false };
/** As far as it is looked at. */
const contextOf = (engine: ScriptedEngine, network = NETWORK): RolloutContext =>
  ({ engine, project: { name: 'p', networks: [network] }, ledger: { key: 'key' } }) as unknown as RolloutContext;
const made = (engine: ScriptedEngine) => engine.calls.filter((call) => !call.startsWith('inspect'));

it('makes a network with the subnet that the engine chose, and the lower half of it for the engine', async () => {
  const engine = scriptedEngine();
  await createNetwork(contextOf(engine), 'p_default');
  expect(await engine.inspectNetwork('p_default')).toMatchObject({
    pools: [{ subnet: '10.1.0.0/16', gateway: '10.1.0.1', ipRange: '10.1.0.0/17' }],
    labels: { [LABEL.role]: 'network', [LABEL.addresses]: 'fixed', 'com.docker.compose.network': 'default' },
  });
  expect(made(engine)).toEqual(['create network p_default', 'remove network p_default', 'create network p_default']);
});

it('asks nothing where the file gives the subnet', async () => {
  const engine = scriptedEngine();
  const network = { ...NETWORK, ipam: { pools: [{ subnet: '10.77.0.0/24' }] } };
  await createNetwork(contextOf(engine, network), 'p_default');
  expect(await engine.inspectNetwork('p_default')).toMatchObject({
    pools: [{ subnet: '10.77.0.0/24', ipRange: '10.77.0.0/25' }],
  });
  expect(made(engine)).toEqual(['create network p_default']);
});

it('chooses again when another network takes the subnet meanwhile, and leaves the choice to the engine in the end', async () => {
  const engine = scriptedEngine();
  const create = engine.createNetwork;
  let refusals = 1;
  engine.createNetwork = async (spec) => {
    if (spec.ipam !== undefined && refusals-- > 0) throw new LobbieError('INVALID_INPUT', 'Pool overlaps.');
    return create(spec);
  };
  await createNetwork(contextOf(engine), 'p_default');
  expect(await engine.inspectNetwork('p_default')).toMatchObject({ pools: [{ ipRange: '10.2.0.0/17' }] });

  await engine.removeNetwork('p_default');
  refusals = Number.POSITIVE_INFINITY;
  await createNetwork(contextOf(engine), 'p_default');
  const found = await engine.inspectNetwork('p_default');
  expect(found?.pools).not.toHaveProperty('0.ipRange');
  expect(found?.labels).toMatchObject({ [LABEL.role]: 'network' });
});

it('makes no second network where the engine is gone', async () => {
  const engine = scriptedEngine();
  engine.createNetwork = async () => {
    throw new LobbieError('ENGINE_UNREACHABLE', 'gone');
  };
  await expect(createNetwork(contextOf(engine), 'p_default')).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
});

it('removes what a command left that died while it looked, and nothing of others', async () => {
  const engine = scriptedEngine();
  const labels = { [LABEL.project]: 'p', [LABEL.role]: 'probe' };
  await engine.createNetwork({ name: 'p_default', labels });
  await createNetwork(contextOf(engine), 'p_default');
  expect(await engine.inspectNetwork('p_default')).toMatchObject({ labels: { [LABEL.role]: 'network' } });

  const other = scriptedEngine();
  await other.createNetwork({ name: 'p_default', labels: { ...labels, [LABEL.project]: 'other' } });
  await createNetwork(contextOf(other), 'p_default');
  expect(await other.inspectNetwork('p_default')).toMatchObject({ labels: { [LABEL.project]: 'other' } });
});
