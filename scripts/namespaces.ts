import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { SetupError } from './setup-error.ts';

/** Network, mount and process namespaces, in which whatever happens disturbs nobody outside. */
export interface Namespaces {
  /** The first process inside, as it is counted outside. */
  readonly pid: number;
  /** A command line that runs inside, with this machine's files. */
  argvInside(argv: readonly string[]): string[];
  /** Ends everything inside, then removes the directory and the control groups. */
  end(): Promise<void>;
}

/**
 * Opens namespaces that end with this process, however that ends; so do the directory and the control groups, which
 * are of what runs inside.
 */
export async function openNamespaces(of: { readonly directory: string; readonly cgroup: string }): Promise<Namespaces> {
  // In a process group of its own: Ctrl-C in a terminal must not end the clean-up.
  const outer = spawn('sh', ['-c', OUTER, 'sh', of.directory, of.cgroup], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await isReady(outer);
  const pid = outer.exitCode === null ? firstChild(firstChild(outer.pid)) : undefined;
  if (pid === undefined) throw new SetupError('No namespaces could be made for a private engine.', 'Run this as root.');
  return {
    pid,
    argvInside: (argv) => ['nsenter', '--target', `${pid}`, '--net', '--mount', '--pid', '--', ...argv],
    end: async () => {
      if (outer.exitCode !== null || outer.signalCode !== null) return;
      const ended = once(outer, 'exit');
      outer.stdin.end();
      await ended;
    },
  };
}

/** Resolves once the process has written something, or has ended. */
export const isReady = (child: ChildProcess): Promise<unknown> =>
  Promise.race([child.stdout === null ? undefined : once(child.stdout, 'data'), once(child, 'exit')]);

/** The oldest child of a process, as it is counted outside. */
export function firstChild(parent: number | undefined): number | undefined {
  const list = `/proc/${parent}/task/${parent}/children`;
  const pid = existsSync(list) ? Number.parseInt(readFileSync(list, 'utf8'), 10) : 0;
  return pid > 1 ? pid : undefined;
}

// Waits for the end of its stdin, which this process holds: it comes when this process goes, however it goes. With the
// first process inside all others inside end. `wait` also collects the orphans, which fall to the first process.
const INNER = 'ip link set lo up; echo ready; exec 3<&0; cat <&3 >/dev/null & wait $!';

// Control groups are removed from the leaves up, as soon as the last process is gone; their files need not be.
const OUTER = `
unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '${INNER}'
for attempt in $(seq 50); do
  found=
  for folder in /sys/fs/cgroup/"$2" /sys/fs/cgroup/*/"$2"; do
    [ -d "$folder" ] || continue
    found=yes
    find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null
  done
  [ -z "$found" ] && break
  sleep 0.1
done
for attempt in $(seq 20); do
  rm -rf --one-file-system "$1" && break
  sleep 0.1
done
`;
