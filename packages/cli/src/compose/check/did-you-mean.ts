import { nearest } from '../schema/unknown-key.ts';

/** The hint `Did you mean "x"?` if a similar name exists. */
export function didYouMean(name: string, known: Iterable<string>): { readonly hint?: string } {
  const meant = nearest(name, [...known]);
  return meant === undefined ? {} : { hint: `Did you mean "${meant}"?` };
}
