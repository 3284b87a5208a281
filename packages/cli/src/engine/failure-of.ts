/**
 * A line of the stream of a build, a pull, an import or a load. The engine answers 200 and reports a failure in such a
 * line.
 */
export interface StreamLine {
  /** Deprecated since API 1.48 (Engine 28). Later engines leave it out. */
  readonly error?: string | null;
  readonly errorDetail?: { readonly message?: string | null } | null;
}

/** The engine's reason for a failure; undefined if the line does not report one. */
export function failureOf({ error, errorDetail }: StreamLine): string | undefined {
  const words = [errorDetail?.message, error].find((text) => text != null && text.trim() !== '');
  if (words != null) return words.trim();
  return errorDetail == null ? undefined : 'the engine does not say why';
}
