import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { errorLines } from '../../src/report/error-lines.ts';
import { createStyle } from '../../src/report/style.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine, TEST_IMAGE } from '../engine-available.ts';
import { gateUntil } from '../rollout/gate-until.ts';
import { printedIn } from '../rollout/printed-in.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { type TestProjectOptions, testProject } from '../rollout/test-project.ts';
import { foreignContainer } from './foreign-container.ts';
import { withoutIds } from './test-place.ts';

/** Rows of a terminal of which the error, its receipt and the prompt have to fit on one screen. */
const SCREEN = 30;

async function deploy(context: TestContext, options: Partial<TestProjectOptions>): Promise<Receipt> {
  const project = testProject({ name: context.project, history: context.history, replicas: 1, ...options });
  return rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
}

/** The receipt's error as a terminal of 80 columns without colours and signs shows it. */
function screenOf({ project, history }: TestContext, { error }: Receipt): string[] {
  if (error === undefined) throw new Error('It did not fail.');
  const style = createStyle({ colour: false, unicode: false, width: 80 });
  return errorLines(error, style).map((line) => withoutIds(line, { project, path: history }));
}

describeEngine('what is told of a rollout that failed', (engine) => {
  let context: TestContext;
  let good: Receipt;
  beforeAll(async () => {
    context = testContext(engine);
    good = await deploy(context, {});
    expect(good.outcome).toBe('deployed');
  });
  afterAll(() => context[Symbol.asyncDispose]());

  /** Deploys a version that does not work over one that does: what ran before has to run again. */
  async function failAfterGood(bad: Partial<TestProjectOptions>, failing = context): Promise<string[]> {
    const receipt = await deploy(failing, bad);
    expect(receipt).toMatchObject({
      outcome: 'failed-restored',
      replicas: good.replicas.map(({ file }) => ({ file })),
    });
    expect(await fetch(`${good.url[0]}/`).then((answer) => answer.json())).toEqual({ version: '1' });
    const screen = screenOf(context, receipt);
    expect(screen.length).toBeLessThanOrEqual(SCREEN);
    return screen;
  }

  it('of a replica that exits at once: its exit code and last words', async () => {
    const healthcheck = { test: ['CMD', 'true'], intervalMs: 2000, timeoutMs: 60_000, retries: 5, startPeriodMs: 1000 };
    expect(await failAfterGood({ fail: 'exit', service: { healthcheck, restart: { name: 'no' } } })).toEqual([
      'x Replica api-1 exited with code 3.',
      '  | container    <project>-api-1-<release>',
      '  | healthcheck  true',
      '  | exit code    3',
      '  | log',
      '  |   cannot find the meaning of it',
      '  -> Fix the service and deploy again.',
    ]);
  });

  it('of a replica whose logging driver keeps nothing: that, and how to get a log', async () => {
    const settings = { logging: { driver: 'none', options: {} } };
    const screen = await failAfterGood({ fail: 'exit', service: { settings, restart: { name: 'no' } } });
    expect(screen).toContain('  | log          (cannot be read: its logging driver does not store logs)');
    expect(screen.slice(-3).join(' ').replace(/\s+/g, ' ')).toContain(
      'set logging.driver of service api to json-file or local. Fix the service and deploy again.',
    );
  });

  it('of a replica that never turns healthy: the check and what it said', async () => {
    const screen = await failAfterGood({ fail: 'unhealthy' }, gateUntil(context, /exit code 1/));
    expect(screen.join('\n')).toMatch(
      /^x Replica api-1 was not healthy after 20 s \(last check: healthcheck exit code\s+1\)\.\n/,
    );
    expect(screen.join('\n')).toMatch(/\n {2}\| last check {3}healthcheck exit code 1\n/);
    expect(screen.at(-1)).toBe('  -> Fix the service and deploy again.');
  });

  it('of a replica that listens on 127.0.0.1 only: that, and what to do about it', async () => {
    const before = context.events.length;
    const isRefused = (): boolean =>
      context.events.slice(before).some((event) => event.type === 'gate-waiting' && /refused/.test(event.lastCheck));
    const listening = gateUntil(context, async () => {
      await printedIn(context, 'version 2 listens');
      // On a busy machine it may listen before its port was tried.
      await expect.poll(isRefused).toBe(true);
    });
    const screen = await failAfterGood({ fail: 'localhost', version: '2' }, listening);
    expect(screen.join('\n')).toContain('last check   port 3000: connection refused');
    expect(screen.join('\n').replaceAll(/\n {5}/g, ' ')).toContain(
      '  -> Likely cause: it listens on 127.0.0.1:3000 only, where other containers cannot reach it. Let it listen on 0.0.0.0.',
    );
  });

  it('of a build that fails: the instruction and its last lines', async () => {
    await using context = testContext(engine);
    const directory = join(context.history, '../source');
    await mkdir(directory, { recursive: true });
    const lines = [`FROM ${TEST_IMAGE}`, 'RUN echo one; echo "no such thing as two"; exit 3'];
    await writeFile(join(directory, 'Dockerfile'), lines.join('\n'));
    const build = { context: directory, dockerfile: 'Dockerfile', args: {} };
    const deployed = deploy(context, { service: { image: context.project, build } });
    await expect(deployed).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      message: expect.stringContaining('it failed at "RUN echo one;'),
      details: expect.arrayContaining(['one', 'no such thing as two']),
      hint: expect.stringMatching(/^Correct .+Dockerfile and try again\.$/),
    });
    // Nothing had begun: there is nothing to restore.
    expect(await engine.listContainers({ [LABEL.project]: context.project })).toEqual([]);
  });

  it('of a name that a foreign container has, and leaves that alone', async () => {
    await using context = testContext(engine, { newRelease: () => 'abcdef' });
    const names = [`${context.project}-api-ingress-abcdef`, `${context.project}-api-1-abcdef`];
    for (const name of names) {
      await using foreign = await foreignContainer(engine, name);
      const receipt = await deploy(context, {});
      expect(receipt).toMatchObject({ outcome: 'failed-restored', warnings: [], error: { code: 'NAME_TAKEN' } });
      expect(receipt.error?.message).toContain(`the name "${name}" belongs to another container`);
      expect((await engine.inspectContainer(foreign.id))?.state).toBe('running');
    }
  });
});
