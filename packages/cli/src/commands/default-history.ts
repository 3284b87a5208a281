import { posix, resolve } from 'node:path';
import type { CommandContext } from './context.ts';

/** Where the history is kept when nobody said otherwise; an absolute path on the engine's machine. */
export const defaultHistory = ({ engine, cwd, projectName }: CommandContext): string =>
  engine.endpoint.local ? resolve(cwd, 'history') : posix.join('/var/lib/lobbie', projectName, 'history');
