import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const CGROUPS = '/sys/fs/cgroup';

/** Where a control group of this name lies, in version 2, or in one hierarchy of version 1. */
const cgroup = (name: string): string =>
  existsSync(join(CGROUPS, 'cgroup.procs')) ? join(CGROUPS, name) : join(CGROUPS, 'pids', name);

it('a private engine leaves nothing when its process is killed', async ({ skip }) => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return skip('a private engine needs Linux and root');
  const directory = join(tmpdir(), `lobbie-${randomBytes(3).toString('hex')}`);
  const script = `
    import { startPrivateEngine } from ${JSON.stringify(new URL('../private-engine.ts', import.meta.url))};
    const { argvInside } = await startPrivateEngine({ directory: ${JSON.stringify(directory)} });
    console.log(argvInside([]).join(' '));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = await once(child.stdout, 'data');
    const first = /--target (\d+)/.exec(String(said))?.[1] ?? '';
    expect([existsSync(directory), existsSync(`/proc/${first}`)]).toEqual([true, true]);
    // As a container that ran would have made them.
    const group = cgroup(`lobbie-private-${basename(directory)}-${child.pid}`);
    mkdirSync(join(group, 'container'), { recursive: true });
    child.kill('SIGKILL');
    await expect.poll(() => existsSync(directory)).toBe(false);
    expect(existsSync(`/proc/${first}`)).toBe(false);
    expect(existsSync(group)).toBe(false);
  } finally {
    child.kill('SIGKILL');
  }
});
