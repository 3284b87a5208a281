import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { down } from '../../src/commands/down.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { describeEngine } from '../engine-available.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';

const ENTRY = 'include-me-abc123.txt';
const DRAFT = '.include-me-abc123.txt.0a1b2c3d-0000-4000-8000-000000000000.draft';

async function deploy(context: TestContext): Promise<void> {
  const project = lightProject({ name: context.project, history: context.history, replicas: 1 });
  const receipt = await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
  expect(receipt).toMatchObject({ outcome: 'deployed' });
}

const asRoot = process.getuid?.() === 0;

describeEngine('down --history', (engine) => {
  it.runIf(engine.endpoint.local && asRoot)('removes what the API made, then the empty directory', async () => {
    await using context = testContext(engine);
    await deploy(context);
    for (const name of [ENTRY, DRAFT]) writeFileSync(join(context.history, name), '{}\n');
    const questions: string[] = [];
    const confirm = async (question: string): Promise<boolean> => questions.push(question) > 0;
    const result = await down(commandContext(context, { confirm }), { history: true, volumes: false, yes: false });
    expect(questions).toEqual([
      `Project ${context.project}: delete the history ${context.history} (1 entry) and the record of every container that has run? This cannot be undone.`,
    ]);
    expect(result.removed).toContain(`history ${context.history}`);
    expect(() => lstatSync(context.history)).toThrow('ENOENT');
    expect(lstatSync(dirname(context.history)).isDirectory()).toBe(true);
  });

  it.runIf(engine.endpoint.local && asRoot)('leaves what others have put there, links and FIFOs too', async () => {
    await using context = testContext(engine);
    await deploy(context);
    const precious = join(dirname(context.history), 'precious.txt');
    writeFileSync(precious, 'precious');
    const at = (name: string) => join(context.history, name);
    writeFileSync(at(ENTRY), '{}\n');
    writeFileSync(at('notes.txt'), 'notes');
    writeFileSync(at('include-me-.txt'), 'no entry');
    writeFileSync(at('include-me-a b.txt'), 'no entry');
    mkdirSync(at('include-me-directory.txt'));
    writeFileSync(join(at('include-me-directory.txt'), ENTRY), 'below');
    symlinkSync(precious, at('include-me-link.txt'));
    execFileSync('mkfifo', [at('include-me-fifo.txt')]);
    const result = await takeDown(context, context.project, { removeHistory: true });
    expect(result.removed).toContain('1 history entry');
    expect(result.kept).toEqual([`history ${context.history} (not empty: 6 files that lobbie did not make)`]);
    expect(readdirSync(context.history).sort()).toEqual([
      'include-me-.txt',
      'include-me-a b.txt',
      'include-me-directory.txt',
      'include-me-fifo.txt',
      'include-me-link.txt',
      'notes.txt',
    ]);
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(readdirSync(at('include-me-directory.txt'))).toEqual([ENTRY]);
  });

  it.runIf(engine.endpoint.local && asRoot)('follows no link that stands where the directory was', async () => {
    await using context = testContext(engine);
    await deploy(context);
    const elsewhere = join(dirname(context.history), 'elsewhere');
    renameSync(context.history, elsewhere);
    writeFileSync(join(elsewhere, ENTRY), '{}\n');
    symlinkSync(elsewhere, context.history);
    const result = await takeDown(context, context.project, { removeHistory: true });
    expect(result.kept).toEqual([`history ${context.history} (it is a link or a file, not a directory)`]);
    expect(readdirSync(elsewhere)).toContain(ENTRY);
  });

  it('refuses a directory that is never a history, whatever the ledger says, and removes nothing', async () => {
    await using context = testContext(engine);
    await deploy(context);
    const options = { removeHistory: true, homeDirectory: context.history };
    await expect(takeDown(context, context.project, options)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: `The history of project ${context.project} cannot be removed: ${context.history} is a home directory.`,
    });
    const replicas = await engine.listContainers({
      'dev.lobbie.project': context.project,
      'dev.lobbie.role': 'replica',
    });
    expect(replicas.map(({ state }) => state)).toEqual(['running']);
  });
});
