import { expect, it } from 'vitest';
import type { ContainerSpec } from '../../../src/model/container.ts';
import type { Engine } from '../../../src/model/engine.ts';
import { LABEL } from '../../../src/model/names.ts';
import type { Project } from '../../../src/model/project.ts';
import type { Receipt } from '../../../src/model/results.ts';
import { rollOut } from '../../../src/rollout/roll-out.ts';
import { aProject, aService, aWebService } from '../a-service.ts';
import { scriptedEngine } from '../scripted-engine.ts';
import { scriptedSurroundings } from '../scripted-surroundings.ts';

const deploy = (engine: Engine, image: string): Promise<Receipt> =>
  rollOut(scriptedSurroundings(engine), {
    project: aProject([
      aWebService('web', 8080, { image }),
      aService('sidecar', { networks: [], networkMode: 'service:web', settings: { pid: 'service:web' } }),
    ]),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
  });

it('joins the network and the processes of the container that the same rollout makes', async () => {
  const { engine, ids, specs } = recordingEngine();
  for (const image of ['app:1', 'app:2']) {
    const { release, outcome } = await deploy(engine, image);
    expect(outcome).toBe('deployed');
    const owner = `container:${ids.get(`p-web-1-${release}`)}`;
    const sidecar = specs.find(({ name }) => name === `p-sidecar-1-${release}`);
    expect(sidecar).toMatchObject({ networkMode: owner, pid: owner, networks: [] });
  }
});

it('joins the container behind an ingress that has the name, never the ingress', async () => {
  const { engine, ids, specs } = recordingEngine();
  const roll = (project: Project): Promise<Receipt> =>
    rollOut(scriptedSurroundings(engine), { project, command: 'deploy', recreate: [], asDeployed: false });
  const { release, outcome } = await roll(aProject([aWebService('vpn', 8080, { containerName: 'gluetun' })]));
  expect(outcome).toBe('deployed');
  expect((await engine.inspectContainer('gluetun'))?.labels[LABEL.role]).toBe('ingress');
  const other = aService('app', { networks: [], networkMode: 'container:gluetun' });
  expect(await roll(aProject([other], { name: 'q', networks: [] }))).toMatchObject({ outcome: 'deployed' });
  expect(specs.at(-1)).toMatchObject({ networkMode: `container:${ids.get(`p-vpn-1-${release}`)}` });
});

/** An engine in memory that keeps what it was asked to create, and the ids of that by name. */
function recordingEngine() {
  const scripted = scriptedEngine();
  const ids = new Map<string, string>();
  const specs: ContainerSpec[] = [];
  const createContainer = async (spec: ContainerSpec): Promise<string> => {
    const id = await scripted.createContainer(spec);
    ids.set(spec.name, id);
    specs.push(spec);
    return id;
  };
  return { engine: { ...scripted, createContainer }, ids, specs };
}
