import { nearest } from '../schema/unknown-key.ts';

/** ` Did you mean "x"?` as the hint of a finding, where a name that exists is near. */
export function didYouMean(name: string, known: Iterable<string>): { readonly hint?: string } {
  const meant = nearest(name, [...known]);
  return meant === undefined ? {} : { hint: `Did you mean "${meant}"?` };
}
