/** Whether a path on a user's machine, possibly with a drive letter, is inside a directory. */
export const isWithin = (path: string, directory: string): boolean =>
  path.startsWith(directory) && /^[/\\]/.test(path.slice(directory.length));
