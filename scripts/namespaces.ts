import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { SetupError } from './setup-error.ts';

/** Network, mount and process namespaces that isolate everything inside from the outside. */
export interface Namespaces {
  /** Pid outside of the first process inside. */
  readonly pid: number;
  /** A command line that runs inside, with this machine's files. */
  argvInside(argv: readonly string[]): string[];
  /** Ends everything inside, then removes the directory and the control groups. */
  end(): Promise<void>;
}

/**
 * Opens namespaces that end with this process, however it ends. The directory and the control groups, which belong to
 * the processes inside, are then removed too.
 */
export async function openNamespaces(of: { readonly directory: string; readonly cgroup: string }): Promise<Namespaces> {
  // In its own process group: Ctrl-C in a terminal must not end the clean-up.
  const outer = spawn('sh', ['-c', OUTER, 'sh', of.directory, of.cgroup], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await isReady(outer);
  const pid = outer.exitCode === null ? firstChild(firstChild(outer.pid)) : undefined;
  if (pid === undefined)
    throw new SetupError('The namespaces for a private engine could not be created.', 'Run this as root.');
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

/** Resolves once the process has written something or has ended. */
export const isReady = (child: ChildProcess): Promise<unknown> =>
  Promise.race([child.stdout === null ? undefined : once(child.stdout, 'data'), once(child, 'exit')]);

/** The pid outside of a process's oldest child. */
export function firstChild(parent: number | undefined): number | undefined {
  const list = `/proc/${parent}/task/${parent}/children`;
  const pid = existsSync(list) ? Number.parseInt(readFileSync(list, 'utf8'), 10) : 0;
  return pid > 1 ? pid : undefined;
}

// Waits for the end of its stdin, which this process holds open until it ends. When the first process inside ends, all
// others inside end. `wait` also reaps the orphans, which become its children.
const INNER = 'ip link set lo up; echo ready; exec 3<&0; cat <&3 >/dev/null & wait $!';

// Removes control groups from the leaves up, as soon as the last process is gone. Their files cannot be removed.
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
