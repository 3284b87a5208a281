import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PrivateEngine } from '../../../../scripts/private-engine.ts';
import { status } from '../../src/commands/status.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import { describeEngine } from '../engine-available.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { commandContext } from './command-context.ts';
import { type PrivateTestEngine, startPrivateTestEngine, whyNoPrivateEngine } from './private-test-engine.ts';
import { type ChildResult, type Order, startChild } from './run-child.ts';

const PORT = 18_080;
const run = promisify(execFile);
describeEngine('an engine that restarts', (main) => {
  const whyNot = whyNoPrivateEngine(main);
  let started: PrivateTestEngine | undefined;
  let own: PrivateEngine | undefined;
  let engine: Engine;
  let context: TestContext;
  beforeAll(async () => {
    if (whyNot !== undefined) return;
    started = await startPrivateTestEngine(main);
    ({ own, engine } = started);
    context = testContext(engine);
  });
  afterAll(() => started?.[Symbol.asyncDispose]());

  const inside = (argv: readonly string[]): string[] => own?.argvInside(argv) ?? [];
  const start = (version: string, more: Partial<Order> = {}) => {
    const order = { command: 'deploy', name: context.project, history: context.history, version, port: PORT } as const;
    const env = { ...process.env, DOCKER_HOST: own?.host };
    return startChild({ ...order, ...more }, env, inside);
  };
  const deploy = (version: string): Promise<ChildResult | undefined> => start(version).result;
  const served = async (): Promise<string> => {
    const script = `fetch('http://localhost:${PORT}/').then(async (a) => console.log((await a.json()).version))`;
    const [program = '', ...args] = inside([process.execPath, '-e', script]);
    return run(program, args).then(
      ({ stdout }) => stdout.trim(),
      () => 'nothing',
    );
  };
  /** Addresses of what has an address, by name. */
  const addresses = async () =>
    (await engine.listContainers({ [LABEL.project]: context.project }))
      .filter(({ labels }) => ['ingress', 'replica'].includes(labels[LABEL.role] ?? ''))
      .map(({ name, addresses: own }) => [name, ...Object.values(own)].join(' '))
      .toSorted();
  /** What is there, once everything that the engine starts by itself is up. */
  const expectSettled = async (version: string): Promise<void> => {
    await expect.poll(served).toBe(version);
    const settled = async () => {
      const { replicas, warnings } = await status(commandContext(context));
      return { warnings, replicas: replicas.map(({ replica, state, admitted }) => `${replica} ${state} ${admitted}`) };
    };
    const good = { warnings: [], replicas: ['api-1 running true', 'api-2 running true'] };
    await expect.poll(settled).toEqual(good);
    const roles = async () =>
      (await engine.listContainers({ [LABEL.project]: context.project }))
        .map(({ labels }) => labels[LABEL.role])
        .toSorted();
    // The engine removes a lease that has ended by itself, a moment later.
    await expect.poll(roles).toEqual(['ingress', 'keeper', 'replica', 'replica']);
  };

  it.for([
    ['is stopped and started', async (it: PrivateEngine) => it.restart()],
    [
      'is killed and started',
      async (it: PrivateEngine) => {
        await it.kill();
        await it.start();
      },
    ],
  ] as const)('brings everything back without lobbie when it %s', async ([_title, restart], { skip }) => {
    if (own === undefined) return skip(whyNot ?? 'no private engine');
    expect(await deploy('1')).toMatchObject({ outcome: expect.stringMatching(/deployed|unchanged/) });
    const before = await addresses();
    await restart(own);
    await expectSettled('1');
    expect(await addresses()).toEqual(before);
    expect(await deploy('1')).toMatchObject({ outcome: 'unchanged' });
    await expectSettled('1');
  });

  it.for([9, 20])('leaves the old or the new version when it dies in mid-rollout (moment %i)', async (at, { skip }) => {
    if (own === undefined) return skip(whyNot ?? 'no private engine');
    const [before, after] = [`before-${at}`, `after-${at}`];
    expect(await deploy(before)).toMatchObject({ outcome: 'deployed' });
    const child = start(after, { at, signal: 'SIGSTOP' });
    await child.stopping;
    await own.kill();
    child.process.kill('SIGCONT');
    const result = await child.result;
    expect(result?.outcome).not.toBe('deployed');
    expect(result).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    await own.start();
    await expect.poll(served).toMatch(/^(before|after)-/);
    expect(await deploy(after)).toMatchObject({ outcome: 'deployed' });
    await expectSettled(after);
  });
});
