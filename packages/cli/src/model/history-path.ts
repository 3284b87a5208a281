import { plainPath } from './plain-path.ts';

/** Directories that can never hold a history: they belong to the system or to everyone. */
const NEVER: ReadonlySet<string> = new Set([
  ...['/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib32', '/lib64', '/libx32', '/media', '/mnt', '/opt'],
  ...['/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/usr/local', '/var'],
  ...['/var/cache', '/var/lib', '/var/lib/docker', '/var/lib/lobbie', '/var/log', '/var/run', '/var/spool', '/var/tmp'],
  ...['/Applications', '/Library', '/System', '/Users', '/Volumes', '/private', '/private/tmp', '/private/var'],
]);
/** No directory inside these can hold a history either. */
const NEVER_BELOW = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/libx32', '/proc', '/sbin', '/sys'];
const ALSO_BELOW = [...NEVER_BELOW, '/usr/bin', '/usr/lib', '/usr/sbin', '/usr/share', '/System', '/var/lib/docker'];

export interface HistorySurroundings {
  readonly projectDirectory?: string | undefined;
  readonly homeDirectory?: string | undefined;
}

/**
 * Why a directory cannot be a project's history, as the end of a sentence that begins with its path; undefined if it
 * can. lobbie creates the directory, and `lobbie down --history` removes it, so it must contain nothing else.
 *
 * @param path absolute
 */
export function whyNoHistory(
  path: string,
  { projectDirectory, homeDirectory }: HistorySurroundings,
): string | undefined {
  const directory = plainPath(path);
  if (directory === '/') return 'is the root of the file system';
  if (NEVER.has(directory) || ALSO_BELOW.some((one) => isBelow(directory, one))) return 'is a system directory';
  const home = homeDirectory === undefined ? undefined : plainPath(homeDirectory);
  if (directory === home || /^\/(home|Users)\/[^/]+$/.test(directory)) return 'is a home directory';
  if (projectDirectory !== undefined) {
    const project = plainPath(projectDirectory);
    if (directory === project) return 'is the project directory';
    if (isBelow(project, directory)) return 'contains the project directory';
  }
  return home !== undefined && isBelow(home, directory) ? 'contains the home directory' : undefined;
}

const isBelow = (path: string, above: string): boolean => path.startsWith(`${above}/`);
