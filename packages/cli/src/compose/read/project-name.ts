/** A name as Docker Compose makes one of `name:` or a directory: small letters, digits, `-` and `_`, beginning with a letter or digit. */
export const normalizeProjectName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');

/** Why a name that was given by hand cannot be taken; undefined where it can. */
export const checkProjectName = (name: string): string | undefined =>
  normalizeProjectName(name) === name && name !== ''
    ? undefined
    : `the project name "${name}" must consist of small letters, digits, - and _, and begin with a letter or digit`;
