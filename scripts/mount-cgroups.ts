import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** Mounts the control groups where no init system has done it, as in a bare virtual machine: dockerd needs them. */
export async function mountCgroups(): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  const mounted = mounts.split('\n').map((line) => line.split(' '));
  if (mounted.some(([, path = '', type]) => path.startsWith('/sys/fs/cgroup') && /^cgroup2?$/.test(type ?? ''))) return;
  // Where this is not allowed, dockerd says what it misses better than mount does.
  await promisify(execFile)('mount', ['-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup']).catch(() => {});
}
