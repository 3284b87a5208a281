import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { testContext } from '../rollout/test-context.ts';
import { FEW_CLIENTS } from './few-clients.ts';
import { startLoadInside } from './load-inside.ts';
import { startPrivateTestEngine, whyNoPrivateEngine } from './private-test-engine.ts';
import { startChild } from './run-child.ts';

const PORT = 18_080;
/** The default bridge has it on every engine. Unlike localhost, it does not need the engine's proxy. */
const ADDRESS = '172.17.0.1';

describeEngine('an engine with live-restore', (main) => {
  it('is killed and started while requests run, and none is lost', async ({ skip }) => {
    const whyNot = whyNoPrivateEngine(main);
    if (whyNot !== undefined) return skip(whyNot);
    await using started = await startPrivateTestEngine(main, { config: { 'live-restore': true } });
    const { own, engine } = started;
    const { project: name, history } = testContext(engine);
    const env = { ...process.env, DOCKER_HOST: own.host };
    const deploy = (version: string) =>
      startChild({ command: 'deploy', name, history, version, port: PORT }, env, own.argvInside).result;
    expect(await deploy('1')).toMatchObject({ outcome: 'deployed' });

    const load = await startLoadInside(own.argvInside, { url: `http://${ADDRESS}:${PORT}/`, ...FEW_CLIENTS });
    for (let time = 0; time < 5; time += 1) {
      await load.pass(300);
      await own.kill();
      await load.pass(300);
      await own.start();
    }
    await load.pass(300);
    expect(await deploy('1')).toMatchObject({ outcome: 'unchanged' });
    expect(await deploy('2')).toMatchObject({ outcome: 'deployed' });
    const { failed, failures, bodies, total } = await load.stop();
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
    expect(total).toBeGreaterThan(3000);
    expect(Object.keys(bodies).toSorted()).toEqual(['{"version":"1"}', '{"version":"2"}']);
  });
});
