import type { LoadOptions } from '../compose/read/load-compose.ts';

/** Where a command finds its Compose files, as the user typed it. */
export interface ComposeSource
  extends Pick<LoadOptions, 'cwd' | 'env' | 'files' | 'projectName' | 'profiles' | 'envFiles' | 'readFile'> {
  /** The user's home directory, absolute. */
  readonly homeDirectory?: string;
  /** The Compose file of the demo, absolute. */
  readonly demoFile: string;
}
