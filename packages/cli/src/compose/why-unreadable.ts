/**
 * Why a file cannot be read, as part of a sentence.
 *
 * @param error of `node:fs`
 */
export function whyUnreadable(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  switch (code) {
    case 'ENOENT':
      return `${file} does not exist`;
    case 'EACCES':
    case 'EPERM':
      return `${file} cannot be read by this user`;
    case 'EISDIR':
      return `${file} is a directory`;
    default:
      return `${file} cannot be read${code === undefined ? '' : ` (${code})`}`;
  }
}
