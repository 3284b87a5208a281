/** The source of values, and callbacks. */
export interface Substitution {
  readonly lookup: (name: string) => string | undefined;
  /** Called for a variable that is not set and has no default. Its value is empty. */
  readonly onUnset: (name: string) => void;
  /** Called with the error if the text cannot be substituted. */
  readonly onError: (message: string) => void;
}

const NAME = /[_a-z][_a-z0-9]*/iy;
const OPERATOR = /:?[-+?]/y;
/** The deepest nesting of defaults. Docker Compose has no limit. */
const MAX_DEPTH = 50;

/**
 * Substitutes variables like Docker Compose: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}`,
 * `${X+other}`, `${X:?message}`, `${X?message}`, also nested, and `$$` for a dollar sign. Before anything else, a `$`
 * stays.
 */
export function substitute(text: string, substitution: Substitution, depth = 0): string {
  let dollar = text.indexOf('$');
  if (dollar === -1) return text;
  let result = '';
  let position = 0;
  while (dollar !== -1) {
    result += text.slice(position, dollar);
    const read = readVariable(text, dollar, substitution, depth);
    if (read === undefined) return text;
    result += read.value;
    position = read.end;
    dollar = text.indexOf('$', position);
  }
  return result + text.slice(position);
}

interface Read {
  readonly value: string;
  readonly end: number;
}

/** undefined: an error, which has been reported. */
function readVariable(text: string, dollar: number, substitution: Substitution, depth: number): Read | undefined {
  const next = text[dollar + 1];
  if (next === '$') return { value: '$', end: dollar + 2 };
  if (next !== '{') {
    const name = matchAt(NAME, text, dollar + 1);
    return name === undefined
      ? { value: '$', end: dollar + 1 }
      : { value: valueFor(name, substitution), end: dollar + 1 + name.length };
  }
  const name = matchAt(NAME, text, dollar + 2);
  if (name === undefined) return void substitution.onError(malformed(dollar));
  const afterName = dollar + 2 + name.length;
  if (text[afterName] === '}') return { value: valueFor(name, substitution), end: afterName + 1 };
  const operator = matchAt(OPERATOR, text, afterName);
  const start = afterName + (operator?.length ?? 0);
  const close = closingBrace(text, dollar + 1, start);
  if (operator === undefined || close === undefined) return void substitution.onError(malformed(dollar));
  if (depth >= MAX_DEPTH) return void substitution.onError('variables are nested too deeply');
  const word = substitute(text.slice(start, close), substitution, depth + 1);
  const value = apply(operator, substitution.lookup(name), word);
  if (value === undefined)
    return void substitution.onError(`required variable ${name} is missing a value${word === '' ? '' : `: ${word}`}`);
  return { value, end: close + 1 };
}

/** undefined: a required value is missing. */
function apply(operator: string, value: string | undefined, word: string): string | undefined {
  const isThere = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
  if (operator.endsWith('+')) return isThere ? word : (value ?? '');
  if (isThere) return value;
  return operator.endsWith('-') ? word : undefined;
}

function valueFor(name: string, { lookup, onUnset }: Substitution): string {
  const value = lookup(name);
  if (value === undefined) onUnset(name);
  return value ?? '';
}

/** Shows only the position, because the text may be a secret. */
const malformed = (dollar: number): string =>
  `invalid interpolation format at character ${dollar + 1}: write $$ for a dollar sign`;

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

/**
 * Index of the brace that closes the one at `open`, on the same line. If the braces are not balanced, the line's last
 * brace.
 * Ignores the character right after an opening brace, like Docker Compose.
 */
function closingBrace(text: string, open: number, from: number): number | undefined {
  let depth = 0;
  let index = open;
  for (; index < text.length && text[index] !== '\n'; index++) {
    if (text[index] === '}' && --depth === 0 && index >= from) return index;
    if (text[index] === '{') {
      depth++;
      if (text[index + 1] !== '\n') index++;
    }
  }
  const last = text.lastIndexOf('}', index - 1);
  return last >= from ? last : undefined;
}
