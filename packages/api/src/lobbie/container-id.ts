/**
 * The id of the container that this process runs in, or null outside a container. Read from `/proc/self/mountinfo`: the
 * engine mounts `/etc/hostname` from `…/containers/<64 hexadecimal digits>/hostname`, whatever the host name is.
 */
export function containerIdOf(mountinfo: string): string | null {
  return /containers\/([0-9a-f]{64})\/\S*hostname \/etc\/hostname /.exec(mountinfo)?.[1] ?? null;
}
