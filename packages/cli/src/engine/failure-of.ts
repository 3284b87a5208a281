/** A line of the stream of a build, a pull, an import or a load: the engine answers 200 and says in a line that it failed. */
export interface StreamLine {
  /** Deprecated since API 1.48 (Engine 28): a later engine leaves it out. */
  readonly error?: string | null;
  readonly errorDetail?: { readonly message?: string | null } | null;
}

/** Why the stream failed, in the engine's words; undefined where the line tells of no failure. */
export function failureOf({ error, errorDetail }: StreamLine): string | undefined {
  const words = [errorDetail?.message, error].find((text) => text != null && text.trim() !== '');
  if (words != null) return words.trim();
  return errorDetail == null ? undefined : 'the engine does not say why';
}
