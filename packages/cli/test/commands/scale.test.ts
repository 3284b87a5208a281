import { describe, expect, it } from 'vitest';
import { scale } from '../../src/commands/scale.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aService, aWebService } from '../rollout/a-service.ts';
import { scriptedEngine } from '../rollout/scripted-engine.ts';
import { commandContext } from './command-context.ts';

const project = aProject([
  aWebService('api', 8080),
  aService('dns', { ports: [{ target: 53, published: 53, protocol: 'udp' }] }),
]);

describe('scale', () => {
  it('refuses what only one container can have, as deploy does, before anything changes', async () => {
    const engine = scriptedEngine();
    const context = commandContext(engine);
    await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
    const before = engine.look();
    await expect(scale(context, new Map([['dns', 2]]), false)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'Project p cannot run so many replicas.',
      details: ['services.dns: 2 replicas cannot both publish port 53/udp', '  Run one replica.'],
    });
    expect(engine.look()).toEqual(before);
    expect(await scale(context, new Map([['api', 2]]), false)).toMatchObject({ outcome: 'deployed' });
  });
});
