import { describe, expect, it } from 'vitest';
import { containerIdOf } from '../../src/lobbie/container-id.ts';

const id = '02a94b13779f8369c054f7a5efa89b4f887fe74b5aa9545a146a68c1ead09a98';

describe('containerIdOf', () => {
  it.each([
    ['the engine', `645 627 254:0 /lib/docker/containers/${id}/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw`],
    ['podman', `645 627 0:25 /containers/overlay-containers/${id}/userdata/hostname /etc/hostname rw - tmpfs tmpfs rw`],
  ])('finds the id that %s mounts the host name from', (_engine, line) => {
    expect(containerIdOf(`644 627 0:44 / /proc rw - proc proc rw\n${line}\n`)).toBe(id);
  });

  it('is null outside of a container, and where another directory of one is mounted', () => {
    expect(containerIdOf('22 1 254:0 / / rw - ext4 /dev/vda rw\n')).toBeNull();
    expect(containerIdOf(`1 2 0:1 /containers/${id}/hostname /mnt/hostname rw - ext4 /dev/vda rw\n`)).toBeNull();
  });
});
