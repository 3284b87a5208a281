import type { ServiceVolume } from '../service-volume.ts';
import { count, type Decode, flag, listOf, mapping, object, size, text } from './decode.ts';

type Part<Key extends keyof ServiceVolume> = NonNullable<ServiceVolume[Key]> & object;

/** The mounts of a service. */
export const volumes: Decode<ServiceVolume[]> = listOf(
  object<ServiceVolume>({
    // Checked by the schema.
    type: text as Decode<ServiceVolume['type']>,
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    bind: object<Part<'bind'>>({
      selinux: text as Decode<'z' | 'Z'>,
      propagation: text,
      create_host_path: flag,
      recursive: text,
    }),
    volume: object<Part<'volume'>>({ labels: mapping, nocopy: flag, subpath: text }),
    tmpfs: object<Part<'tmpfs'>>({
      size,
      mode: (value, place) => count(value, place) || undefined,
    }),
    image: object<Part<'image'>>({ subpath: text }),
  }),
);
