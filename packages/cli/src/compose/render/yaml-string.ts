import { isString } from '../yaml/resolve-scalar.ts';

const OLD_BOOLEAN = /^(?:y|yes|on|n|no|off)$/i;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const INDICATOR_FIRST = /^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:](?:\s|$))/;
const INDICATOR_WITHIN = /:(?:\s|$)|\s#/;

/**
 * A text as a YAML scalar in the style that Docker Compose prints: plain where it can be, over several lines as a
 * literal block.
 */
export function yamlString(text: string, indent: number): string {
  if (text.includes('\n')) return canBeLiteral(text) ? literal(text, indent) : doubleQuoted(text);
  if (!isString(text) || SEXAGESIMAL.test(text) || isOldBoolean(text)) return doubleQuoted(text);
  if (hasUnprintable(text) || text.includes('\t')) return doubleQuoted(text);
  const isPlain = !INDICATOR_FIRST.test(text) && !INDICATOR_WITHIN.test(text) && !/^ | $/.test(text);
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}

/** YAML 1.1's words in the three ways that it knew to write them. */
const isOldBoolean = (text: string): boolean =>
  OLD_BOOLEAN.test(text) && (text === text.toLowerCase() || text === text.toUpperCase() || /^[A-Z][a-z]*$/.test(text));

const canBeLiteral = (text: string): boolean => !hasUnprintable(text.replaceAll('\n', '')) && !/ (?:\n|$)/.test(text);

const hasUnprintable = (text: string): boolean =>
  // Only what is printable in YAML is left of it.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that need an escape
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\u{10000}-\u{10ffff}]/u.test(text);

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : /(?:^|\n)\n$/.test(text) ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
  '"': '\\"',
  '\\': '\\\\',
};

const doubleQuoted = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that need an escape
  `"${text.replace(/["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\u{10000}-\u{10ffff}]/gu, (character) => ESCAPES[character] ?? escapeCode(character))}"`;

function escapeCode(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length > 4) return `\\U${code.padStart(8, '0')}`;
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
