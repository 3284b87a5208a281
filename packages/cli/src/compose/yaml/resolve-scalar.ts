import type { Tree } from '../tree.ts';

/** A scalar that does not match its tag, or that Docker Compose refuses. */
export interface BadScalar {
  readonly bad: string;
}

const WORDS: ReadonlyMap<string, Tree> = new Map<string, Tree>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, Tree] => [word, null]),
  ...['true', 'True', 'TRUE'].map((word): [string, Tree] => [word, true]),
  ...['false', 'False', 'FALSE'].map((word): [string, Tree] => [word, false]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Tree] => [word, Number.NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Tree] => [
    word,
    Number.POSITIVE_INFINITY,
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Tree] => [word, Number.NEGATIVE_INFINITY]),
]);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0x([0-9a-f]+)|0b([01]+)|0o?([0-7]+)|([1-9][0-9]*|0))$/i;
const DATE =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d*)?[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?)?)?$/;

/**
 * The value of a plain scalar in Docker Compose, whose YAML is between versions 1.1 and 1.2: `yes` and `on` are
 * strings, `0755` is octal, `1_000` is a number.
 */
export function resolvePlain(text: string): Tree | BadScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  // Numbers and dates begin with a digit, a sign or a point. Everything else is a string, which is the usual case.
  if (first > 0x39 || (first < 0x30 && first !== 0x2b && first !== 0x2d && first !== 0x2e)) return text;
  if (DATE.test(text)) return { bad: `the date ${text} is not a string: put it in quotes` };
  const integer = INTEGER.exec(text.replaceAll('_', ''));
  if (integer !== null) return toInteger(integer);
  const value = toFloat(text);
  if (value === undefined) return text;
  // Docker Compose treats a large whole number in this form as text when it writes it: `1e10` is `1e+10`.
  return Number.isSafeInteger(value) && Math.abs(value) >= 1e6
    ? value.toExponential().replace(/\+(?=.$)/, '+0')
    : value;
}

/** Whether a text is a string if it is written without quotes. */
export const isString = (text: string): boolean => resolvePlain(text) === text && toFloat(text) === undefined;

/**
 * A number within the range of a double. Underscores may be anywhere except first, or in a number that begins with its
 * point.
 */
function toFloat(text: string): number | undefined {
  const digits = /^[._]/.test(text) ? text : text.replaceAll('_', '');
  const value = FLOAT.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The value of a scalar with an explicit tag. */
export function resolveTagged(tag: string, text: string): Tree | BadScalar {
  const kind = tag.replace('tag:yaml.org,2002:', '');
  // Unknown tags are ignored.
  if (kind === tag || kind === 'str' || kind === 'merge') return text;
  if (kind === 'binary') return Buffer.from(text, 'base64').toString();
  const value = resolvePlain(text);
  const isBad = typeof value === 'object' && value !== null;
  const fits =
    (kind === 'int' && (typeof value === 'bigint' || Number.isInteger(value))) ||
    (kind === 'float' && typeof value === 'number') ||
    (kind === 'bool' && typeof value === 'boolean') ||
    (kind === 'null' && value === null);
  return fits && !isBad ? value : { bad: `"${text}" is not of the type !!${kind}` };
}

function toInteger([, sign, hex, binary, octal, decimal]: RegExpExecArray): number | bigint {
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : decimal;
  const value = BigInt(digits ?? 0) * (sign === '-' ? -1n : 1n);
  const number = Number(value);
  // A number with more than 64 bits is no longer a whole number.
  return Number.isSafeInteger(number) || value < -(2n ** 63n) || value >= 2n ** 64n ? number : value;
}
