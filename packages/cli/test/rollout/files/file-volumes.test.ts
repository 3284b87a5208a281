import { describe, expect, it } from 'vitest';
import { LABEL } from '../../../src/model/names.ts';
import type { Project } from '../../../src/model/project.ts';
import { rollOut } from '../../../src/rollout/roll-out.ts';
import { takeDown } from '../../../src/rollout/take-down.ts';
import { aProject, aService } from '../a-service.ts';
import { type ScriptedEngine, scriptedEngine } from '../scripted-engine.ts';
import { scriptedSurroundings } from '../scripted-surroundings.ts';

const SECRET = Buffer.from('a secret').toString('base64');

/** A service with a secret in a volume of its user, which an engine elsewhere can mount from a volume only. */
const project = (version: string): Project =>
  aProject(
    [
      aService('db', {
        environment: { VERSION: version },
        mounts: [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }],
        files: [
          { kind: 'config', name: 'plain', target: '/etc/plain', content: SECRET },
          { kind: 'secret', name: 'key', target: '/data/key', content: SECRET, mode: 0o400 },
        ],
      }),
    ],
    { volumes: [{ key: 'data', name: 'p_data', external: false }] },
  );

const deploy = (engine: ScriptedEngine, version: string) =>
  rollOut(scriptedSurroundings(engine), {
    project: project(version),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
  });

const fileVolumes = async (engine: ScriptedEngine): Promise<string[]> =>
  (await engine.listVolumes({ [LABEL.role]: 'files' })).map(({ name }) => name);

const replica = async (engine: ScriptedEngine): Promise<string> =>
  (await engine.listContainers({ [LABEL.role]: 'replica' })).map(({ name }) => name).join(' ');

describe('a volume with files of a container', () => {
  it('is filled before the container is made, and mounted file by file, read-only', async () => {
    const engine = scriptedEngine();
    const mounts: unknown[] = [];
    const { createContainer } = engine;
    engine.createContainer = (spec) => {
      if (spec.labels[LABEL.role] === 'replica') mounts.push(...(spec.mounts ?? []));
      return createContainer(spec);
    };
    expect(await deploy(engine, '1')).toMatchObject({ outcome: 'deployed', warnings: [] });
    const volume = `${await replica(engine)}_lobbie-files`;
    expect(await fileVolumes(engine)).toEqual([volume]);
    expect(mounts).toEqual([
      { kind: 'volume', source: 'p_data', target: '/data', readOnly: false },
      { kind: 'volume', source: volume, subpath: '0', target: '/data/key', readOnly: true, noCopy: true },
    ]);
    const id = await engine.createContainer({
      name: 'look',
      image: 'app:1',
      labels: {},
      networks: [],
      mounts: [{ kind: 'volume', source: volume, target: '/look', readOnly: true }],
    });
    // In the scripted image everybody is 1000:1000.
    expect(await engine.statFile(id, '/look/0')).toMatchObject({ mode: 0o400, uid: 1000, gid: 1000 });
  });

  it('goes with its container: when it is replaced, when its successor fails, and with the project', async () => {
    const engine = scriptedEngine();
    await deploy(engine, '1');
    await deploy(engine, '2');
    const kept = [`${await replica(engine)}_lobbie-files`];
    expect(await fileVolumes(engine)).toEqual(kept);
    engine.exitOf = ({ environment }) => (environment?.VERSION === '3' ? 1 : undefined);
    expect(await deploy(engine, '3')).toMatchObject({ outcome: 'failed-restored' });
    expect(await fileVolumes(engine)).toEqual(kept);
    await engine.createVolume({
      name: 'p-db-1-gone_lobbie-files',
      labels: { [LABEL.project]: 'p', [LABEL.role]: 'files', [LABEL.container]: 'p-db-1-gone' },
    });
    await engine.createVolume({
      name: 'p_mine',
      labels: { [LABEL.project]: 'p', [LABEL.role]: 'files', [LABEL.container]: 'p-db-1-gone' },
    });
    await takeDown(scriptedSurroundings(engine), 'p', { removeHistory: false });
    // A name that lobbie does not give is not lobbie's.
    expect(await fileVolumes(engine)).toEqual(['p_mine']);
  });

  it('is refused on an engine that cannot mount a part of one, before anything changes', async () => {
    const engine = scriptedEngine();
    const { info } = engine;
    engine.info = async () => ({ ...(await info()), version: '25.0.5', volumeSubpaths: false });
    await expect(deploy(engine, '1')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message:
        'services.db.secrets: key has the target /data/key, which is inside the volume p_data at /data. lobbie does not write into your mounts, and this engine (25.0.5) cannot mount a single file of a volume.',
      hint: expect.stringContaining('upgrade to Docker 26'),
    });
    expect(engine.look()).toMatchObject({ replicas: [], networks: [], volumes: [] });
  });
});
