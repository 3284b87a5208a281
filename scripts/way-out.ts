import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram, installWithApt } from './apt.ts';
import { SetupError } from './setup-error.ts';

/**
 * Gives a network namespace access to the networks of this machine, with a name server at 10.0.2.3. It cannot be
 * reached from outside. It ends with this process, however that ends.
 *
 * @param pid of a process in the namespace
 * @returns ends it
 */
export async function openWayOut(pid: number): Promise<() => void> {
  if (!findProgram('slirp4netns')) await installWithApt(['slirp4netns']);
  const argv = [
    '--configure',
    '--mtu=1500',
    '--disable-host-loopback',
    '--ready-fd=3',
    '--exit-fd=4',
    `${pid}`,
    'tap0',
  ];
  const child = spawn(findProgram('slirp4netns') ?? 'slirp4netns', argv, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-2048);
  });
  const [, , , ready, exit] = child.stdio;
  if (!ready || !exit || !('destroy' in exit)) throw new Error('unreachable: both are pipes');
  await Promise.race([once(ready, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) {
    throw new SetupError(
      `slirp4netns gives no way out: ${said.trim().split('\n').at(-1)}`,
      'Run this as root; it needs /dev/net/tun.',
    );
  }
  return () => exit.destroy();
}
