/** Whether a path of a person's machine, which may be one with drives, lies below a directory there. */
export const isWithin = (path: string, directory: string): boolean =>
  path.startsWith(directory) && /^[/\\]/.test(path.slice(directory.length));
