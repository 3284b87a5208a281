import { goFormat } from '../go-format.ts';
import { formatDuration, parseDuration } from '../parse/parse-duration.ts';
import { parseSize } from '../parse/parse-size.ts';
import { splitWords } from '../parse/split-words.ts';
import { formatPath, type Path } from '../problem.ts';
import { isList, isMap, type Tree, type TreeMap } from '../tree.ts';
import { toBoolean } from './cast-rules.ts';

/** The place of a value, and where to report problems. */
export interface Place {
  readonly path: Path;
  readonly report: (path: string, message: string) => void;
}

/**
 * Converts a value of the tree. undefined leaves the key out, like all zero values. The input is undefined if the key
 * is not set.
 */
export type Decode<T> = (value: Tree | undefined, place: Place) => T | undefined;

/** How to decode each key of an object, in the order of Docker Compose's output. */
export type Shape<T> = {
  readonly [Key in keyof T as Key extends `x-${string}` ? never : Key]-?: Decode<NonNullable<T[Key]>>;
};

/** What a shape decodes to. Keys that the file does not set are absent. */
export type Decoded<S> = {
  [Key in keyof S]?: S[Key] extends (...given: never[]) => infer T ? Exclude<T, undefined> : never;
};

export const bad = ({ path, report }: Place, message: string): undefined => void report(formatPath(path), message);

/** Text. null, empty text and other values are left out. */
export const text: Decode<string> = (value) =>
  isList(value) || isMap(value) || value === undefined || value === null || value === '' ? undefined : goFormat(value);

export const flag: Decode<boolean> = (value, place) => choice(value, place) || undefined;

/** true, false or not set. */
export const choice: Decode<boolean> = (value) => {
  const meant = typeof value === 'string' ? toBoolean(value).value : value;
  return typeof meant === 'boolean' ? meant : undefined;
};

const NOWHERE: Place = { path: [], report: () => undefined };

/** A whole number other than 0. */
export const number: Decode<number> = (value) => count(value, NOWHERE) || undefined;

/** A whole number, including 0. Fractions are cut off. */
export const count: Decode<number> = (value) => {
  const given = fraction(value);
  return given === undefined ? undefined : Math.trunc(given);
};

function fraction(value: Tree | undefined): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** A number with the precision that Docker Compose stores, in its shortest form. */
export const float32: Decode<number> = (value) => {
  const wanted = fraction(value);
  if (wanted === undefined || wanted === 0) return undefined;
  const held = Math.fround(wanted);
  for (let precision = 1; precision < 9; precision++) {
    const short = Number(held.toPrecision(precision));
    if (Math.fround(short) === held) return short;
  }
  return Number(held.toPrecision(9));
};

/** A size in bytes, as text. */
export const size: Decode<string> = (value, place) => {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) && value !== 0 ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const bytes = parseSize(value);
  if (bytes === undefined) return bad(place, `expected a size such as "64m", got "${value}"`);
  return bytes === 0 ? undefined : String(BigInt(bytes));
};

/** A duration, including `0s`. */
export const duration: Decode<string> = (value, place) => {
  if (value === undefined || value === null) return undefined;
  const given = goFormat(value);
  const nanoseconds = parseDuration(given);
  if (nanoseconds === undefined) return bad(place, `expected a duration such as "5s", got "${given}"`);
  return formatDuration(nanoseconds);
};

/** A duration other than 0. */
export const positiveDuration: Decode<string> = (value, place) => {
  const decoded = duration(value, place);
  return decoded === '0s' ? undefined : decoded;
};

/** One text or a list of texts. An empty list is left out. */
export const texts: Decode<string[]> = (value) => {
  const list = (isList(value) ? value : value === undefined || value === null ? [] : [value]).map(goFormat);
  return list.length === 0 ? undefined : list;
};

/** A command: null if not set, an empty list if empty. */
export const command: Decode<string[]> = (value, place) => {
  if (isList(value)) return value.map(goFormat);
  if (typeof value !== 'string') return undefined;
  return splitWords(value) ?? bad(place, 'a quote, a bracket or a backslash is not closed');
};

/** A mapping of texts, also from a list of `key=value`. An empty one is left out. */
export const mapping: Decode<Record<string, string>> = (value) => {
  const entries = keyValues(value).map(([key, entry]) => [key, entry ?? ''] as const);
  return entries.length === 0 ? undefined : toRecord(entries);
};

/** Like {@link mapping}, with null for a key without a value. */
export const environment: Decode<Record<string, string | null>> = (value, place) => {
  const entries = keyValues(value);
  for (const [key] of isList(value) ? entries : [])
    if (/\s$/.test(key)) bad(place, `the variable "${key}" ends in a space`);
  return entries.length === 0 ? undefined : toRecord(entries);
};

/** `key=value` or a mapping as pairs; null: no value. */
function keyValues(value: Tree | undefined): [string, string | null][] {
  if (isMap(value)) return Object.entries(value).map(([key, entry]) => [key, entry === null ? null : goFormat(entry)]);
  if (!isList(value)) return [];
  return value.map((item) => {
    const line = goFormat(item);
    const equals = line.indexOf('=');
    return equals === -1 ? [line, null] : [line.slice(0, equals), line.slice(equals + 1)];
  });
}

/** Sorted by key, without a prototype, because users choose the keys. */
export function toRecord<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record: Record<string, T> = Object.create(null);
  for (const [key, value] of [...entries].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))) record[key] = value;
  return record;
}

/** A list. Items without a value and an empty list are left out. */
export const listOf =
  <T>(decode: Decode<T>): Decode<T[]> =>
  (value, place) => {
    if (!isList(value) || value.length === 0) return undefined;
    return value.flatMap((item, index) => {
      const decoded = decode(item, { ...place, path: [...place.path, index] });
      return decoded === undefined ? [] : [decoded];
    });
  };

/** A mapping by name. An empty one is left out. */
export const mapOf =
  <T>(decode: Decode<T>): Decode<Record<string, T>> =>
  (value, place) => {
    if (!isMap(value)) return undefined;
    const entries = Object.keys(value).flatMap((key) => {
      const decoded = decode(value[key], { ...place, path: [...place.path, key] });
      return decoded === undefined ? [] : [[key, decoded] as const];
    });
    return entries.length === 0 ? undefined : toRecord(entries);
  };

/** An object with its extensions, also if empty; undefined if the value is not a mapping. */
export const object =
  <T extends object>(shape: Shape<T>): Decode<T> =>
  (value, place) => {
    if (!isMap(value)) return undefined;
    const decoded: Record<string, unknown> = {};
    // The keys of a shape are the keys of its type.
    for (const [key, decode] of Object.entries(shape) as [string, Decode<unknown>][]) {
      const entry = decode(value[key], { ...place, path: [...place.path, key] });
      if (entry !== undefined) decoded[key] = entry;
    }
    for (const key of extensionsOf(value)) decoded[key] = plain(value[key] ?? null);
    return decoded as T;
  };

/** Keys that begin with `x-`, sorted. */
export const extensionsOf = (map: TreeMap): string[] =>
  Object.keys(map)
    .filter((key) => key.startsWith('x-'))
    .toSorted();

/** The tree unchanged, except for bigints, which JSON does not have. */
export function plain(value: Tree): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(plain);
  return isMap(value) ? toRecord(Object.entries(value).map(([key, entry]) => [key, plain(entry)] as const)) : value;
}
