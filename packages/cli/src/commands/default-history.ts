import { posix, resolve } from 'node:path';
import type { CommandContext } from './context.ts';

/** The default directory of the history; an absolute path on the engine's machine. */
export const defaultHistory = ({ engine, cwd, projectName }: CommandContext): string =>
  engine.endpoint.local ? resolve(cwd, 'history') : posix.join('/var/lib/lobbie', projectName, 'history');
