import { isList, isMap, type Tree } from './tree.ts';

/**
 * Formats a value as text like Docker Compose does (Go's `%v`): `1.10` is `1.1`, `1e-7` is `1e-07`. null is the empty
 * string.
 */
export function goFormat(value: Tree): string {
  if (value === null) return '';
  if (typeof value === 'number') return formatNumber(value);
  if (isList(value)) return `[${value.map(goFormat).join(' ')}]`;
  if (!isMap(value)) return String(value);
  const entries = Object.keys(value).toSorted();
  return `map[${entries.map((key) => `${key}:${goFormat(value[key] ?? null)}`).join(' ')}]`;
}

/** Go's `%g` in its shortest form: an exponent of two digits below 1e-4 and, for fractions, from 1e6. */
function formatNumber(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
