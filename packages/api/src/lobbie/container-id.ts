/**
 * The id of the container this process runs in, or null outside of one. Of `/proc/self/mountinfo`: the engine mounts
 * `/etc/hostname` from `…/containers/<64 hexadecimal digits>/hostname`, whatever the container's host name is.
 */
export function containerIdOf(mountinfo: string): string | null {
  return /containers\/([0-9a-f]{64})\/\S*hostname \/etc\/hostname /.exec(mountinfo)?.[1] ?? null;
}
