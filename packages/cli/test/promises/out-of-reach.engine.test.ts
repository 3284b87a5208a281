import { execFile } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { testContext } from '../rollout/test-context.ts';
import { testProject } from '../rollout/test-project.ts';
import { startPrivateTestEngine, whyNoPrivateEngine } from './private-test-engine.ts';

const PORT = 18_080;

// As Docker Desktop: the socket is here, the containers are in a machine of their own. Their addresses may even belong
// to containers of an engine that runs here.
describeEngine('an engine whose containers cannot be reached from here', (main) => {
  it('is deployed to, through the ingresses', async ({ skip }) => {
    const whyNot = whyNoPrivateEngine(main);
    if (whyNot !== undefined) return skip(whyNot);
    await using started = await startPrivateTestEngine(main);
    const { own, engine } = started;
    await using context = testContext(engine);
    await mkdir(context.history, { recursive: true });
    await chown(context.history, 1000, 1000);
    const deploy = (version: string, fail?: 'localhost') => {
      const options = { name: context.project, history: context.history, port: PORT, version };
      const project = testProject({ ...options, ...(fail && { fail }) });
      const gated = fail ? { ...context, gateTimeoutMs: 30_000 } : context;
      return rollOut(gated, { project, command: 'deploy', recreate: [], asDeployed: false });
    };
    const served = async (): Promise<unknown> => {
      const script = `fetch('http://localhost:${PORT}/').then(async (a) => console.log(await a.text()))`;
      const [program = '', ...argv] = own.argvInside([process.execPath, '-e', script]);
      return JSON.parse((await promisify(execFile)(program, argv)).stdout);
    };

    const first = await deploy('1');
    expect(first).toMatchObject({ outcome: 'deployed' });
    expect(await served()).toEqual({ version: '1' });
    const second = await deploy('2');
    expect(second).toMatchObject({ outcome: 'deployed' });
    expect(await served()).toEqual({ version: '2' });
    // Each was asked for its file, past the ingress.
    const files = [...first.replicas, ...second.replicas].map(({ file }) => file);
    expect(files.every((file) => /^include-me-.+\.txt$/.test(file ?? ''))).toBe(true);
    expect(new Set(files).size).toBe(4);

    const failed = await deploy('3', 'localhost');
    expect(failed).toMatchObject({ outcome: 'failed-restored', error: { code: 'GATE_FAILED' } });
    expect(failed.error?.details.join('\n')).toContain('port 3000: connection refused');
    expect(await served()).toEqual({ version: '2' });
  });
});
