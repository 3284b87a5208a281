import { LobbieError } from '../model/errors.ts';

/**
 * A name or an id for a path of the API. dockerode writes it there as it is: a slash would make another path of it.
 *
 * @throws LobbieError `INVALID_INPUT` for names that nothing on an engine can have
 */
export function pathName(name: string): string {
  if (!isName(name)) throw new LobbieError('INVALID_INPUT', `This is not a valid name on an engine: "${name}".`);
  return encodeURIComponent(name).replaceAll('%3A', ':').replaceAll('%40', '@');
}

/** The same for the reference of an image, which has slashes of its own. */
export const referencePath = (reference: string): string => reference.split('/').map(pathName).join('/');

/** Servers and clients take `.` and `..` out of a path, encoded or not. */
export const isName = (name: string): boolean => !/^\.{0,2}$/.test(name);

/** The same for the reference of an image. */
export const isReference = (reference: string): boolean => reference.split('/').every(isName);
