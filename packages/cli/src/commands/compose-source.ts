import type { LoadOptions } from '../compose/read/load-compose.ts';

/** Where a command finds its Compose files, as the user typed it. */
export interface ComposeSource
  extends Pick<LoadOptions, 'cwd' | 'env' | 'files' | 'projectName' | 'profiles' | 'envFiles' | 'readFile'> {
  /** Of the user, absolute. */
  readonly homeDirectory?: string;
  /** The demo's Compose file, absolute. */
  readonly demoFile: string;
}
