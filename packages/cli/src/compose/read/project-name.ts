/**
 * Makes a valid project name from `name:` or a directory, like Docker Compose: lowercase letters, digits, `-` and `_`,
 * beginning with a letter or digit.
 */
export const normalizeProjectName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');

/** Why a name from `-p` or COMPOSE_PROJECT_NAME is invalid; undefined if it is valid. */
export const checkProjectName = (name: string, giver: string): string | undefined =>
  normalizeProjectName(name) === name && name !== ''
    ? undefined
    : `the project name "${name}" from ${giver} must have only lowercase letters, digits, "-" and "_", and begin with a letter or digit`;
