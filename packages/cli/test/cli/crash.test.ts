import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastJson, runLobbie } from './run-lobbie.ts';
import { scriptedSocket } from './scripted-socket.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const { bugs } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  bugs: { url: string };
};

/** Fails as a mistake in lobbie would: in a callback, while the command waits for an engine that never answers. */
const MISTAKES = {
  'an error in a callback': 'throw new TypeError("it broke")',
  'a promise that nobody waits for': 'Promise.reject(new TypeError("it broke"))',
};

describe('a mistake in lobbie itself', () => {
  const crash = async (mistake: string, ...options: string[]) => {
    using home = temporaryDirectory();
    const socket = join(home.path, 'engine.sock');
    await using _silent = await scriptedSocket(socket, () => undefined);
    const script = `const ask = setInterval(() => { if (process.listenerCount('uncaughtException') > 0) ${mistake}; }, 1)`;
    return await runLobbie(['status', '-p', 'shop', ...options], {
      cwd: home.path,
      env: {
        DOCKER_HOST: `unix://${socket}`,
        NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(script)}"`,
      },
    });
  };

  it.each(Object.entries(MISTAKES))('%s ends with status 1, the stack, and where to report it', async (_, mistake) => {
    const { exit, stdout, stderr } = await crash(mistake);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(/^x lobbie itself failed: TypeError: it broke\n {2}\| at /);
    expect(stderr).toContain(`Please report it with these lines at ${bugs.url}.\n`);
    expect(stderr.match(/itself failed/g)).toHaveLength(1);
  });

  it('is the last line of --json', async () => {
    const run = await crash(MISTAKES['an error in a callback'], '--json');
    expect(run).toMatchObject({ exit: 1, stderr: '' });
    expect(lastJson(run)).toMatchObject({
      type: 'error',
      code: 'BUG',
      exit: 1,
      hint: expect.stringContaining(bugs.url),
    });
  });
});
