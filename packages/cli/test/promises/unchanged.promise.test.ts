import { expect, it } from 'vitest';
import type { Engine } from '../../src/model/engine.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { testContext } from '../rollout/test-context.ts';
import { lightProject } from './light-project.ts';
import { MUTATIONS } from './moments.ts';

describeEngine('a deploy of what is deployed', (engine) => {
  it('changes nothing, takes no lease, and is fast', async () => {
    await using context = testContext(engine);
    const project = lightProject({ name: context.project, history: context.history });
    const request = { project, command: 'deploy', recreate: [], asDeployed: false };
    const first = await rollOut(context, request);
    const { watched, calls } = recordCalls(engine);
    for (let round = 0; round < 5; round += 1) {
      const again = await rollOut({ ...context, engine: watched }, request);
      expect(again).toMatchObject({ outcome: 'unchanged', release: first.release, replicas: first.replicas });
    }
    expect(calls.filter((name) => MUTATIONS.has(name))).toEqual([]);
    expect(calls.filter((name) => ['attach', 'exec', 'openExec', 'events'].includes(name))).toEqual([]);
    expect(calls.length / 5).toBeLessThan(20);
  });
});

function recordCalls(engine: Engine): { watched: Engine; calls: string[] } {
  const calls: string[] = [];
  const watched = new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        calls.push(String(name));
        return Reflect.apply(member, target, args);
      };
    },
  });
  return { watched, calls };
}
