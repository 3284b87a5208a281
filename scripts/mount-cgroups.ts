import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** Mounts the control groups if no init system has, as in a bare virtual machine. dockerd needs them. */
export async function mountCgroups(): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  const mounted = mounts.split('\n').map((line) => line.split(' '));
  if (mounted.some(([, path = '', type]) => path.startsWith('/sys/fs/cgroup') && /^cgroup2?$/.test(type ?? ''))) return;
  // If this is not allowed, dockerd's own error is clearer than mount's.
  await promisify(execFile)('mount', ['-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup']).catch(() => {});
}
