import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import type { LoadOptions, LoadResult } from '../load.ts';
import { testContext } from '../rollout/test-context.ts';
import { startLoadInside } from './load-inside.ts';
import { startPrivateTestEngine, whyNoPrivateEngine } from './private-test-engine.ts';
import { startChild } from './run-child.ts';

const PORT = 18_080;
/** The default bridge has it on every engine. Requests to localhost go through a process of the engine, and end with it. */
const ADDRESS = '172.17.0.1';
const POSTS = 0.2;
const TIMES = 3;

// What the engine itself does as it starts cannot be helped: it removes its firewall rules and writes them anew, and for
// less than a second new connections are refused.
describeEngine('an engine with live-restore', (main) => {
  it('is killed and started while requests run, and none that was accepted is lost', async ({ skip }) => {
    const whyNot = whyNoPrivateEngine(main);
    if (whyNot !== undefined) return skip(whyNot);
    await using started = await startPrivateTestEngine(main, { config: { 'live-restore': true } });
    const { own, engine } = started;
    const { project: name, history } = testContext(engine);
    const env = { ...process.env, DOCKER_HOST: own.host };
    const deploy = (version: string) =>
      startChild({ command: 'deploy', name, history, version, port: PORT }, env, own.argvInside).result;
    const load = (clients: Partial<LoadOptions>) =>
      startLoadInside(own.argvInside, { url: `http://${ADDRESS}:${PORT}/`, posts: POSTS, pauseMs: 40, ...clients });
    const nothingFailed = async (running: { stop(): Promise<LoadResult> }): Promise<LoadResult> => {
      const result = await running.stop();
      expect({ failed: result.failed, failures: result.failures }).toEqual({ failed: 0, failures: [] });
      return result;
    };
    expect(await deploy('1')).toMatchObject({ outcome: 'deployed' });

    const kept = await load({ keepAlive: 8 });
    for (let time = 0; time < TIMES; time += 1) {
      const fresh = await load({ fresh: 8, connectionClose: 8 });
      await fresh.pass(200);
      await own.kill();
      await fresh.pass(400);
      await nothingFailed(fresh);

      const during = await load({ fresh: 8, connectionClose: 8 });
      await own.start();
      await kept.pass(100);
      const { failures, statuses } = await during.stop();
      expect(failures.filter(({ reason }) => !reason.startsWith('ECONNREFUSED'))).toEqual([]);
      expect(Object.keys(statuses)).toEqual(['200']);
    }
    const after = await load({ fresh: 8, connectionClose: 8 });
    expect(await deploy('1')).toMatchObject({ outcome: 'unchanged' });
    expect(await deploy('2')).toMatchObject({ outcome: 'deployed' });
    await after.pass(100);
    for (const running of [kept, after]) {
      const { bodies } = await nothingFailed(running);
      expect(Object.keys(bodies).toSorted()).toEqual(['{"version":"1"}', '{"version":"2"}']);
    }
  });
});
