import { describe, expect, it } from 'vitest';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import { LobbieError } from '../../src/model/errors.ts';
import type { Report } from '../../src/model/events.ts';
import { LABEL } from '../../src/model/names.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { addPoser } from '../ledger/poser.ts';
import { aProject, aService } from './a-service.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';

const mount = (source: string) => ({ kind: 'volume', source, target: `/${source}`, readOnly: false }) as const;
const project = aProject([aService('db', { mounts: [mount('p_data'), mount('shared')] })], {
  networks: [
    { key: 'default', name: 'p_default', external: false },
    { key: 'proxy', name: 'proxy', external: true },
  ],
  volumes: [
    { key: 'data', name: 'p_data', external: false },
    { key: 'shared', name: 'shared', external: true },
  ],
});

async function deployed(): Promise<ScriptedEngine> {
  const engine = scriptedEngine();
  await engine.createNetwork({ name: 'proxy', labels: {} });
  await engine.createVolume({ name: 'shared', labels: {} });
  const request = { project, command: 'deploy', recreate: [], asDeployed: false };
  expect(await rollOut(scriptedSurroundings(engine), request)).toMatchObject({ outcome: 'deployed', warnings: [] });
  return engine;
}

describe('takeDown', () => {
  it('removes containers and networks, and keeps the volumes', async () => {
    const engine = await deployed();
    const result = await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false });
    expect(result.removed).toEqual([expect.stringMatching(/^container p-db-1-/), 'network p_default']);
    expect(result.kept).toEqual(['network proxy (it is external)', 'volume p_data']);
    expect(engine.look()).toMatchObject({ replicas: [], networks: ['proxy'], volumes: ['shared', 'p_data'] });
  });

  it('removes the networks and volumes that an earlier release had', async () => {
    const engine = scriptedEngine();
    await engine.createNetwork({ name: 'proxy', labels: {} });
    await engine.createNetwork({ name: 'q_back', labels: { [LABEL.project]: 'q' } });
    await engine.createVolume({ name: 'shared', labels: {} });
    const own = (key: string) => ({ key, name: `p_${key}`, external: false });
    const networks = [{ key: 'default', aliases: [] }, ...['back', 'busy'].map((key) => ({ key, aliases: [] }))];
    const earlier = aProject([aService('db', { mounts: [mount('p_old')], networks })], {
      networks: [...project.networks, own('back'), own('busy')],
      volumes: [own('old')],
    });
    for (const one of [earlier, project]) {
      const request = { project: one, command: 'deploy', recreate: [], asDeployed: false };
      expect(await rollOut(scriptedSurroundings(engine), request)).toMatchObject({ outcome: 'deployed' });
    }
    const stranger = await engine.createContainer({
      name: 'stranger',
      image: 'app:1',
      labels: {},
      networks: [{ name: 'p_busy', aliases: [] }],
    });
    await engine.startContainer(stranger);
    const options = { removeHistory: true, removeVolumes: true };
    const result = await takeDown(scriptedSurroundings(engine), 'p', options);
    expect(result.removed).toEqual(
      expect.arrayContaining(['network p_back', 'network p_default', 'volume p_data', 'volume p_old']),
    );
    expect(result.kept).toContain('network p_busy (in use by stranger)');
    expect(engine.look().networks).toEqual(['proxy', 'q_back', 'p_busy']);
    // No ledger is left that would tell of it.
    await engine.removeContainer(stranger, { force: true });
    const again = await takeDown(scriptedSurroundings(engine), 'p', options);
    expect(again).toMatchObject({ outcome: 'down', removed: ['network p_busy'] });
  });

  it('keeps a network that lobbie made once and that is external by now', async () => {
    const engine = await deployed();
    const networks = project.networks.map((one) => ({ ...one, external: true }));
    const request = { project: { ...project, networks }, command: 'deploy', recreate: ['db'], asDeployed: false };
    expect(await rollOut(scriptedSurroundings(engine), request)).toMatchObject({ outcome: 'deployed' });
    const { kept } = await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false });
    expect(kept).toContain('network p_default (it is external)');
  });

  it('neither pulls nor builds where an image of ingresses is there', async () => {
    const engine = await deployed();
    engine.images.delete(BASE_IMAGES.debian);
    const begun = engine.calls.length;
    await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: true });
    expect(engine.calls.slice(begun).filter((call) => /^(pull|build)/.test(call))).toEqual([]);
  });

  it('says what to set where there is no image of ingresses, and nothing to build one on', async () => {
    const engine = await deployed();
    for (const image of engine.images.keys()) engine.images.delete(image);
    engine.pullImage = async (image) => {
      throw new LobbieError('IMAGE_PULL_FAILED', `Image "${image}" could not be pulled.`, { hint: 'Check it.' });
    };
    await expect(takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false })).rejects.toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      hint: expect.stringMatching(/^Check it\.\n.*LOBBIE_DEBIAN_IMAGE=/),
    });
  });

  it('removes the volumes too when told to, but for what is external', async () => {
    const engine = await deployed();
    const result = await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: true, removeVolumes: true });
    expect(result.removed).toContain('volume p_data');
    expect(result.kept).toEqual(['network proxy (it is external)']);
    expect(engine.look().volumes).toEqual(['shared']);
  });

  it('keeps volumes that carry its labels and are external, by what was deployed and by the files at hand', async () => {
    const external = { ...project, volumes: project.volumes.map((volume) => ({ ...volume, external: true })) };
    const engine = scriptedEngine();
    await engine.createNetwork({ name: 'proxy', labels: {} });
    for (const name of ['p_data', 'shared', 'p_later', 'p_unused'])
      await engine.createVolume({ name, labels: { 'com.docker.compose.project': 'p' } });
    const request = { project: external, command: 'deploy', recreate: [], asDeployed: false };
    await rollOut(scriptedSurroundings(engine), request);
    await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false });
    // Now nothing is deployed that could say so.
    const options = { removeHistory: false, removeVolumes: true, externalVolumes: ['p_later'] };
    const result = await takeDown(scriptedSurroundings(engine), 'p', options);
    expect(result.removed).toEqual(['volume p_unused']);
    expect(result.kept).toEqual(['p_data', 'p_later', 'shared'].map((name) => `volume ${name} (it is external)`));
    await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false, removeVolumes: true });
    expect(engine.look().volumes).toEqual(['p_data', 'shared', 'p_later']);
  });

  it('removes the ledger with the history, and says so, of what runs and of what is down already', async () => {
    const ledger = 'ledger p_lobbie-ledger';
    const engine = await deployed();
    const running = await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: true });
    expect(running).toMatchObject({ outcome: 'down', removed: expect.arrayContaining(['network p_default', ledger]) });

    const again = await deployed();
    await takeDown(scriptedSurroundings(again), 'p', { removeHistory: false });
    const down = await takeDown(scriptedSurroundings(again), 'p', { removeHistory: true });
    expect(down).toMatchObject({ outcome: 'down', removed: [ledger] });
    const gone = await takeDown(scriptedSurroundings(again), 'p', { removeHistory: true });
    expect(gone).toMatchObject({ outcome: 'not-deployed', removed: [] });
  });

  it('finds the volumes of what is down already', async () => {
    const engine = await deployed();
    await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false });
    const result = await takeDown(scriptedSurroundings(engine), 'p', {
      removeHistory: false,
      removeVolumes: true,
    });
    expect(result.removed).toEqual(['volume p_data']);
  });

  it('neither stops nor removes a container that only inherits labels, and names it', async () => {
    const engine = await deployed();
    for (const role of ['ingress', 'replica', 'errand', 'keeper', 'lease'])
      await addPoser(engine, `poser-${role}`, { [LABEL.role]: role });
    const words: string[] = [];
    const report: Report = (event) => void (event.type === 'warning' && words.push(event.message));
    const options = { removeHistory: true, removeVolumes: true };
    const { removed } = await takeDown(scriptedSurroundings(engine, { report }), 'p', options);
    expect(removed.filter((what) => what.includes('poser'))).toEqual([]);
    expect(engine.containers().map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['ingress', 'replica', 'errand', 'keeper', 'lease'].map((role) => `poser-${role} created`),
    );
    expect(words).toEqual(
      ['ingress', 'replica', 'errand', 'keeper', 'lease'].map((role) =>
        expect.stringContaining(`Container poser-${role} has lobbie's labels`),
      ),
    );
  });
});
