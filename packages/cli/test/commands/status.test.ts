import { describe, expect, it } from 'vitest';
import { status } from '../../src/commands/status.ts';
import { LABEL } from '../../src/model/names.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { addPoser } from '../ledger/poser.ts';
import { aProject, aService, aWebService } from '../rollout/a-service.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const migrated = { service: 'migrate', condition: 'completed', required: true, restart: false } as const;
const project = aProject([
  aWebService('api', 8080, { replicas: 2, dependsOn: [migrated] }),
  aService('migrate', { image: 'job:1', job: true, restart: { name: 'no' } }),
  aService('once', { image: 'job:2', restart: { name: 'no' } }),
]);

async function deployed(): Promise<{ engine: ScriptedEngine; warnings: () => Promise<readonly string[]> }> {
  const engine = scriptedEngine();
  engine.exitOf = ({ image }) => (image.startsWith('job') ? 0 : undefined);
  const context = commandContext(engine);
  const receipt = await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
  expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
  return { engine, warnings: async () => (await status(context)).warnings };
}

describe('status', () => {
  it('misses nothing where all is as it was deployed, and what was to end has ended', async () => {
    const { engine, warnings } = await deployed();
    expect(await warnings()).toEqual([]);
    await engine.removeContainer('p-migrate-1-r1', { force: true });
    expect(await warnings()).toEqual([]);
  });

  it('says which replicas are missing, and how they come back', async () => {
    const { engine, warnings } = await deployed();
    await engine.removeContainer('p-api-2-r1', { force: true });
    expect(await warnings()).toEqual(['api-2 is missing. `lobbie deploy` makes it again.']);
  });

  it('says that an ingress has exited, or is missing, and what that means', async () => {
    const { engine, warnings } = await deployed();
    await engine.stopContainer('p-api-ingress-r1', 0);
    const back = 'nobody reaches it. `lobbie deploy` brings it back.';
    expect(await warnings()).toEqual([`The ingress of api has exited: ${back}`]);
    await engine.removeContainer('p-api-ingress-r1', { force: true });
    expect(await warnings()).toEqual([`The ingress of api is missing: ${back}`]);
  });

  it('counts no container that only inherits labels from its image, and names it', async () => {
    const { engine, warnings } = await deployed();
    const replica = { [LABEL.role]: 'replica', [LABEL.service]: 'api', [LABEL.index]: '2', [LABEL.release]: 'r0' };
    await addPoser(engine, 'p-api-2-r0', replica);
    await engine.removeContainer('p-api-2-r1', { force: true });
    expect(await warnings()).toEqual([
      expect.stringContaining("Container p-api-2-r0 carries lobbie's labels, and lobbie did not make it"),
      'api-2 is missing. `lobbie deploy` makes it again.',
    ]);
  });
});
