/**
 * Reads a text as one of these JSON Schema types, or returns it unchanged. Each value has only one valid form: no
 * exponent, hexadecimal digits, plus sign, white space or leading zeros, which two readers could read differently.
 */
export function readText(text: string, types: ReadonlySet<string>): unknown {
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('integer') && INTEGER.test(text)) return Number(text);
  if (types.has('number') && DECIMAL.test(text)) return Number(text);
  return text;
}

const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const DECIMAL = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
