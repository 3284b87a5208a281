import { substitute } from './substitute.ts';

/** The variables of an env file, or its first error. */
export interface Dotenv {
  readonly variables: Readonly<Record<string, string>>;
  readonly error?: { readonly line: number; readonly message: string };
}

/** Variables for reading a file. */
export interface DotenvOptions {
  /** Overrides the file's values in `${X}`, and gives the values of bare names. */
  readonly lookup: (name: string) => string | undefined;
  /** Values from earlier files, for `${X}` that neither `lookup` nor this file has. */
  readonly earlier?: Readonly<Record<string, string>>;
}

/**
 * Reads an env file like Docker Compose: `NAME=value`, `NAME: value`, `export NAME=value`, bare names, comments, single
 * quotes (literal) and double quotes (escapes and `${X}`), both over several lines.
 */
export function parseDotenv(text: string, { lookup, earlier = {} }: DotenvOptions): Dotenv {
  const variables: Record<string, string> = Object.create(null);
  const source = text.replace(/^\uFEFF/, '');
  const find = (name: string) =>
    lookup(name) ?? variables[name] ?? (Object.hasOwn(earlier, name) ? earlier[name] : undefined);
  const onUnset = () => undefined;
  let position = 0;
  const fail = (at: number, message: string): Dotenv => ({
    variables,
    error: { line: source.slice(0, at).split('\n').length, message },
  });
  for (;;) {
    position = skipBlank(source, position);
    if (position >= source.length) return { variables };
    const start = position;
    const key = readKey(source, position);
    if ('error' in key) return fail(start, key.error);
    position = key.end;
    if (key.isBare) {
      const value = lookup(key.name);
      if (value !== undefined) variables[key.name] = value;
      continue;
    }
    const read = readValue(source, position);
    if (read === undefined) return fail(position, 'a quote is not closed');
    position = read.end;
    let error: string | undefined;
    const onError = (message: string) => {
      error = message;
    };
    variables[key.name] = read.isLiteral ? read.text : substitute(read.text, { lookup: find, onUnset, onError });
    if (error !== undefined) return fail(start, error);
  }
}

/** Skips white space, empty lines and comments. */
function skipBlank(source: string, from: number): number {
  let position = from;
  for (;;) {
    while (position < source.length && /\s|\u0085/.test(source[position] ?? '')) position++;
    if (source[position] !== '#') return position;
    const newline = source.indexOf('\n', position);
    position = newline === -1 ? source.length : newline;
  }
}

type Key = { readonly name: string; readonly end: number; readonly isBare: boolean } | { readonly error: string };

const SPACE = /[\t\v\f\r \u0085\u00a0]/;

function readKey(source: string, from: number): Key {
  const exported = /export\s+/y;
  exported.lastIndex = from;
  const start = exported.test(source) ? skipSpaces(source, from + 'export'.length) : from;
  let end = start;
  for (; end < source.length; end++) {
    const character = source[end] ?? '';
    if (character === '=' || character === ':' || character === '\n') break;
    if (SPACE.test(character) || /[\p{L}\p{N}_.\-[\]]/u.test(character)) continue;
    return { error: `unexpected character "${character}" in the name of a variable` };
  }
  const name = source.slice(start, end).trimEnd();
  if (name.includes(' ')) return { error: 'the name of a variable cannot contain a space' };
  const isBare = end >= source.length || source[end] === '\n';
  return { name, end: skipSpaces(source, end + 1), isBare };
}

function skipSpaces(source: string, from: number): number {
  let position = from;
  while (position < source.length && SPACE.test(source[position] ?? '')) position++;
  return position;
}

interface Value {
  readonly text: string;
  readonly end: number;
  /** Variables in it are not substituted. */
  readonly isLiteral: boolean;
}

/** undefined: a quote is not closed. */
function readValue(source: string, from: number): Value | undefined {
  const quote = source[from];
  if (quote !== '"' && quote !== "'") {
    const newline = source.indexOf('\n', from);
    const end = newline === -1 ? source.length : newline;
    const [line = ''] = source.slice(from, end).split(' #', 1);
    return { text: line.trimEnd(), end: end + 1, isLiteral: false };
  }
  let text = '';
  for (let position = from + 1; position < source.length; position++) {
    const character = source[position] ?? '';
    if (character === quote) {
      return { text: quote === '"' ? expandEscapes(text) : text, end: position + 1, isLiteral: quote === "'" };
    }
    if (character === '\\' && source[position + 1] === quote) text += source[++position];
    else if (character === '\\') text += character + (source[++position] ?? '');
    else text += character;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  $: '$$',
};

/** `\$` becomes `$$`, which substitution reads as a dollar sign. */
const expandEscapes = (text: string): string =>
  text.replace(/\\(?:([abcfnrtv$"\\])|0([0-7]{0,3}))/g, (whole, letter?: string, octal?: string) => {
    if (octal !== undefined)
      return /^[0-3]..$/.test(octal) ? String.fromCodePoint(Number.parseInt(octal, 8)) : `\\${octal}`;
    return ESCAPES[letter ?? ''] ?? whole;
  });
