import { LobbieError } from '../model/errors.ts';

/**
 * A name or an id for a path of the API. dockerode writes it there unchanged, and a slash would change the path.
 *
 * @throws LobbieError `INVALID_INPUT` if nothing on an engine can have this name
 */
export function pathName(name: string): string {
  if (!isName(name)) throw new LobbieError('INVALID_INPUT', `This is not a valid name on an engine: "${name}".`);
  return encodeURIComponent(name).replaceAll('%3A', ':').replaceAll('%40', '@');
}

/** The same for an image reference, which may contain slashes. */
export const referencePath = (reference: string): string => reference.split('/').map(pathName).join('/');

/** Servers and clients remove `.` and `..` from a path, encoded or not. */
export const isName = (name: string): boolean => !/^\.{0,2}$/.test(name);

/** The same for an image reference. */
export const isReference = (reference: string): boolean => reference.split('/').every(isName);
