import type { LoadOptions } from '../compose/read/load-compose.ts';
import type { SecretMask } from '../model/secret-mask.ts';

/** Where a command finds its Compose files, as the user typed it. */
export interface ComposeSource
  extends Pick<LoadOptions, 'cwd' | 'env' | 'files' | 'projectName' | 'profiles' | 'envFiles' | 'readFile'> {
  /** The user's home directory, absolute. */
  readonly homeDirectory?: string;
  /** Learns the secrets of every file that is read. */
  readonly secrets?: Pick<SecretMask, 'learn'>;
  /** The Compose file of the demo, absolute. */
  readonly demoFile: string;
}
