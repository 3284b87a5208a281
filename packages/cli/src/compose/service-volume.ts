import type { Extensible } from './config-parts.ts';

/** One mount of a service in the long form. */
export interface ServiceVolume extends Extensible {
  type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';
  /** Key of a volume at the top of the file, or an absolute path; absent for tmpfs and anonymous volumes. */
  source?: string;
  target: string;
  read_only?: boolean;
  consistency?: string;
  bind?: {
    selinux?: 'z' | 'Z';
    propagation?: string;
    create_host_path?: boolean;
    recursive?: string;
  };
  volume?: { labels?: Record<string, string>; nocopy?: boolean; subpath?: string };
  tmpfs?: {
    /** Bytes. */
    size?: string;
    /** Permission bits as a number: 0o1777 is 1023. */
    mode?: number;
  };
  image?: { subpath?: string };
}
