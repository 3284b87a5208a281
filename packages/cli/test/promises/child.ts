/**
 * A command in a process of its own, so that it can be killed or stopped as a whole. Its order comes as JSON in its
 * first argument; what came of it is the last line of its output.
 */

import { homedir } from 'node:os';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { realClock } from '../../src/real-clock.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { testContext } from '../rollout/test-context.ts';
import type { TestProjectOptions } from '../rollout/test-project.ts';
import { lightProject } from './light-project.ts';
import { watchMoments } from './moments.ts';
import type { ChildResult, Order } from './run-child.ts';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const engine = await connectEngine({
  clock: realClock,
  env: process.env,
  homeDirectory: homedir(),
  platform: process.platform,
});
const moments = watchMoments(engine, order.at ?? Number.POSITIVE_INFINITY, () => {
  if (order.signal === 'SIGSTOP') process.stdout.write('{"stopping":true}\n');
  process.kill(process.pid, order.signal ?? 'SIGKILL');
});
const context = testContext(moments.engine, { report: moments.report, holder: order.holder ?? 'a child' });

const run = async (): Promise<ChildResult> => {
  const { name, history, version, replicas, port } = order;
  if (order.command === 'down') {
    await takeDown(context, name, { removeHistory: false });
    return { outcome: 'down', moments: moments.count };
  }
  const options: TestProjectOptions = {
    name,
    history,
    ...(version !== undefined && { version }),
    ...(replicas !== undefined && { replicas }),
    ...(port !== undefined && { port }),
  };
  const receipt = await rollOut(context, {
    project: lightProject(options),
    command: order.command,
    recreate: order.command === 'recreate' ? ['api'] : [],
    asDeployed: false,
  });
  return { outcome: receipt.outcome, moments: moments.count, ...(receipt.error && { code: receipt.error.code }) };
};

const result = await run().catch((error: unknown): ChildResult => {
  if (!(error instanceof LobbieError)) throw error;
  return { outcome: 'error', code: error.code, message: error.message, moments: moments.count };
});
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
