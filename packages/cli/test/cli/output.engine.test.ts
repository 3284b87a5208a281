import { once } from 'node:events';
import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { foreignContainer } from './foreign-container.ts';
import { lastJson } from './run-lobbie.ts';
import { hasTerminal, runOnTerminal } from './run-on-terminal.ts';
import { testPlace, withoutIds } from './test-place.ts';

describeEngine('what a rollout writes', (engine) => {
  it('into a pipe is a line an event without control characters, and in its shortest form the address', async () => {
    await using place = testPlace(engine);
    const { exit, stdout, stderr } = await place.lobbie('deploy --demo', { TERM: 'xterm-256color', FORCE_COLOR: '1' });
    expect(exit).toBe(0);
    expect(stderr).toMatch(/^api-1 {2}serving {2}/m);
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    const quiet = await place.lobbie('deploy --demo -q');
    expect(quiet).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^http:\/\/localhost:\d+\n$/), stderr: '' });

    const unknown = await place.lobbie('logs web');
    expect(withoutIds(unknown.stderr, place)).toBe(
      'x Project <project> has no service "web".\n  -> Its services: api.\n',
    );
    expect(unknown.exit).toBe(2);
    for (const command of ['recreate web', 'scale web=2']) {
      const run = await place.lobbie(`${command} --json`);
      expect(run.exit).toBe(2);
      expect(lastJson(run)).toMatchObject({ type: 'error', code: 'USAGE', hint: 'Its services: api.', exit: 2 });
    }
  });

  it.runIf(hasTerminal)('on a dumb terminal is the same, and on another one moves', async () => {
    await using place = testPlace(engine);
    const dumb = await runOnTerminal(['deploy', '--demo', '-p', place.project], {
      cwd: place.path,
      env: { TERM: 'dumb' },
    });
    expect(dumb.exit).toBe(0);
    expect(dumb.screen).toMatch(/^api-1 {2}serving {2}/m);
    expect(dumb.screen).not.toContain('\u001b');
    const moving = await runOnTerminal(['recreate', '-p', place.project, '--no-color'], { cwd: place.path });
    expect(moving.exit).toBe(0);
    // The cursor is hidden while lines move, and given back at the end.
    expect(moving.screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(moving.screen.lastIndexOf('\u001b[?25l'));
    expect(moving.screen).toContain('\u001b[?25l');
  });

  it('goes on to the end of the rollout when nobody reads it any more', async () => {
    await using place = testPlace(engine);
    const running = place.start('deploy --demo --json');
    await once(running.child, 'spawn');
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    expect((await running.ended).exit).toBe(0);
    const status = lastJson(await place.lobbie('status --json'));
    expect(status.replicas).toHaveLength(2);

    const history = place.start('history --json');
    history.child.stdout?.destroy();
    expect(await history.ended).toMatchObject({ exit: 0, stderr: '' });
  });

  it('of a project that is taken down names the network that others use, and keeps it', async () => {
    await using place = testPlace(engine);
    await place.lobbie('deploy --demo -q');
    const network = `${place.project}_default`;
    await using stack = new AsyncDisposableStack();
    stack.defer(() => engine.removeNetwork(network));
    stack.use(await foreignContainer(engine, `${place.project}-guest`, { network }));
    const { exit, stdout } = await place.lobbie('down');
    expect(exit).toBe(0);
    expect(withoutIds(stdout, place)).toContain('  kept     network <project>_default (in use by <project>-guest)\n');
    expect((await engine.inspectContainer(`${place.project}-guest`))?.state).toBe('running');
  });
});
