import { describe, expect, it } from 'vitest';
import { LobbieError } from '../../src/model/errors.ts';
import type { Project } from '../../src/model/project.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { Service } from '../../src/model/service.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aWebService } from './a-service.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';

const NAME = 'the-web';
const web = (published: number, change: Partial<Service> = {}): Project =>
  aProject([aWebService('web', published, { containerName: NAME, ...change })]);

const deploy = (engine: ScriptedEngine, project: Project): Promise<Receipt> =>
  rollOut(scriptedSurroundings(engine), { project, command: 'deploy', recreate: [], asDeployed: false });

/** An engine on which `docker compose up` made the service's container, under the name that the file gives it. */
async function withFormer(): Promise<ScriptedEngine> {
  const engine = scriptedEngine();
  const labels = { 'com.docker.compose.project': 'p', 'com.docker.compose.service': 'web' };
  await engine.createNetwork({ name: 'p_default', labels: { ...labels, 'com.docker.compose.network': 'default' } });
  await engine.startContainer(
    await engine.createContainer({
      name: NAME,
      image: 'app:1',
      labels,
      networks: [{ name: 'p_default', aliases: ['web'] }],
      ports: [{ target: 3000, published: 8080, protocol: 'tcp' }],
    }),
  );
  return engine;
}

async function withIngress(): Promise<ScriptedEngine> {
  const engine = scriptedEngine();
  await deploy(engine, web(8080));
  return engine;
}

describe('a service with a container name', () => {
  it('is answered for by its ingress, which has that name', async () => {
    const engine = await withIngress();
    expect(engine.look().ingresses.map(({ container }) => container)).toEqual([`${NAME} running`]);
    expect(await deploy(engine, web(8080))).toMatchObject({ outcome: 'unchanged' });
    expect(await deploy(engine, web(9090))).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(engine.look().ingresses.map(({ container }) => container)).toEqual([`${NAME} running`]);
  });

  it.each([
    { name: 'its own ingress', before: withIngress, wanted: web(9090) },
    { name: 'docker compose', before: withFormer, wanted: web(8080) },
  ])('takes the name over from $name, and gives it back, whichever call fails', async ({ before, wanted }) => {
    for (let call = 1, reached = true; reached; call += 1) {
      const engine = await before();
      const then = engine.look();
      const called = engine.calls.length;
      engine.failAt(call, call % 2 === 0 ? 'before' : 'after');
      const outcome = await deploy(engine, wanted).catch((error: unknown) => {
        if (error instanceof LobbieError) return error;
        throw error;
      });
      await engine.settled();
      reached = engine.calls.length - called >= call;
      const failing = `call ${call}: ${engine.calls[called + call - 1]}`;
      engine.mend();
      if (outcome instanceof LobbieError || outcome.outcome === 'failed-restored')
        expect(engine.look(), failing).toEqual(then);
      const healed = await deploy(engine, wanted);
      expect(['deployed', 'unchanged'], failing).toContain(healed.outcome);
      const { ingresses, composeContainers } = engine.look();
      expect(ingresses, failing).toHaveLength(1);
      expect(ingresses[0]?.container, failing).toBe(`${NAME} running`);
      expect(
        composeContainers.filter((one) => one.startsWith(NAME)),
        failing,
      ).toEqual([]);
    }
  });
});
