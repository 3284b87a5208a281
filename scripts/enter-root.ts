import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { firstChild, isReady, type Namespaces } from './namespaces.ts';
import { SetupError } from './setup-error.ts';

/**
 * Opens one more mount namespace inside, with another root. Only after `pivot_root` do containers and programs executed
 * in them get the right root. The root itself is not changed; changes are in memory until the namespaces end.
 *
 * @param options.root such as {@link ensureEngineRoot} returns
 * @param options.directory an empty directory below it is used for mounts
 * @param options.shared directories of this machine to mount at the same paths
 * @returns a command line that runs inside
 */
export async function enterRoot(
  { argvInside }: Namespaces,
  options: { readonly root: string; readonly directory: string; readonly shared: readonly string[] },
): Promise<(argv: readonly string[]) => string[]> {
  const mounts = join(options.directory, 'root');
  mkdirSync(mounts);
  const script = ['unshare', '--mount', 'sh', '-c', PIVOT, 'sh', mounts, options.root, ...options.shared];
  const [program = '', ...argv] = argvInside(script);
  const holder = spawn(program, argv, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  const said = text(holder.stderr);
  await isReady(holder);
  const pid = holder.exitCode === null ? firstChild(holder.pid) : undefined;
  if (pid === undefined) {
    throw new SetupError(`${options.root} cannot be entered: ${(await said).trim()}`, 'Run this as root, on Linux.');
  }
  return (argv) => ['nsenter', '--target', `${pid}`, '--net', '--mount', '--pid', '--', ...argv];
}

// The root's mounts are shared on most machines, and containers may need that.
const PIVOT = `
set -e
mounts=$1 root=$2
shift 2
mount -t tmpfs tmpfs "$mounts"
cd "$mounts"
mkdir lower upper work new
mount --bind "$root" lower
mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work new
cd new
for folder in proc sys dev; do mount --rbind "/$folder" "$folder"; done
mount -t tmpfs tmpfs run
mkdir -p run/lock .old
for folder in "$@"; do
  mkdir -p "./$folder"
  mount --bind "$folder" "./$folder"
done
rm -f etc/resolv.conf
echo 'nameserver 10.0.2.3' > etc/resolv.conf
pivot_root . .old
cd /
umount -l /.old
mount --make-rshared /
echo ready
exec sleep infinity
`;
