const MOST = 60;

/** A value as shown in a message after "got": a scalar, shortened; a map or list only by its kind. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  if (typeof value !== 'object') return String(value);
  return Array.isArray(value) ? 'a list' : 'a map';
}

/** Only the kind of a value, because text may be a secret. */
export const shownKind = (value: unknown): string => (typeof value === 'string' ? 'text' : shown(value));
