import { expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { findLedger } from '../../src/ledger/find-ledger.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { PublishedPort } from '../../src/model/service.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aService, aWebService } from './a-service.ts';
import { killableEngine } from './killable-engine.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';

const udp = (port: number): PublishedPort => ({ target: port, published: port, protocol: 'udp' });
const tcp = (port: number): PublishedPort => ({ target: 3000, published: port, protocol: 'tcp', mode: 'http' });

/** Ports move with every version: UDP 53 between the two that keep data, and those of the ingresses. */
const version = (number: number): Project => {
  const isOdd = number % 2 === 1;
  const image = `app:${number}`;
  const data = { kind: 'volume', source: 'p_data', target: '/data', readOnly: false } as const;
  return aProject(
    [
      aService('dns', { image, mounts: [data], ports: [udp(isOdd ? 53 : 54)] }),
      aService('wiki', { image, mounts: [data], ports: isOdd ? [tcp(8080)] : [tcp(8081), udp(53)] }),
      aWebService('web', isOdd ? 8081 : 8080, { image, replicas: isOdd ? 1 : 2 }),
    ],
    { volumes: [{ key: 'data', name: 'p_data', external: false }] },
  );
};

const deploy = (engine: Engine, project: Project): Promise<Receipt> =>
  rollOut(scriptedSurroundings(engine), { project, command: 'deploy', recreate: [], asDeployed: false });

/** Kills the command at a call, if it gets there. */
async function killAt(engine: ScriptedEngine, call: number, project: Project): Promise<void> {
  const killable = killableEngine(engine, call);
  await Promise.race([killable.killed, deploy(killable.engine, project)]);
  await engine.settled();
}

/** By name: what the last release has, what there is, what runs, and who gets requests. */
async function look(engine: ScriptedEngine) {
  const { state } = (await findLedger(engine, 'p')).ledger;
  const all = await engine.listContainers({ [LABEL.project]: 'p' });
  const own = all.filter(({ labels }) => ['replica', 'ingress'].includes(labels[LABEL.role] ?? ''));
  const names = (some: typeof own): string[] => some.map(({ name }) => name).toSorted();
  return {
    state,
    has: names(own.filter(({ id }) => state.current?.containers?.includes(id))),
    there: names(own),
    running: names(own.filter((one) => one.state === 'running')),
    ready: engine.look().ingresses.flatMap(({ ready = [] }) => ready),
  };
}

it('goes back to what was deployed when it fails, at whichever calls two before it were killed', {
  timeout: 120_000,
}, async () => {
  const call = fc.integer({ min: 1, max: 260 });
  await fc.assert(
    fc.asyncProperty(call, call, fc.constantFrom('dns', 'wiki', 'web'), async (first, second, failing) => {
      const engine = scriptedEngine();
      await deploy(engine, version(1));
      await killAt(engine, first, version(2));
      await killAt(engine, second, version(3));
      const { has, there, state } = await look(engine);
      engine.exitOf = ({ image, name }) => (image === 'app:4' && name.includes(`-${failing}-`) ? 1 : undefined);
      const { outcome, warnings } = await deploy(engine, version(4));
      expect({ outcome, warnings }).toEqual({ outcome: 'failed-restored', warnings: [] });
      const restored = await look(engine);
      expect(restored.running).toEqual(expect.arrayContaining(has));
      expect(restored.ready).toEqual(expect.arrayContaining(has.filter((name) => /-(wiki|web)-\d/.test(name))));
      // What a release had no time to remove stays for the next commit.
      expect(restored.there).toEqual(state.running === null ? there : has);
    }),
    { numRuns: 12 },
  );
});
