/**
 * Puts the values of args into a text of a Dockerfile: `$NAME`, `${NAME}` and the forms with `-`, `:-`, `+`, `:+`, `?`
 * and `:?`, also nested. Returns undefined if a name that is needed has no value, or the form is not known.
 */
export function substituteArgs(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let at = 0;

  /** Reads up to the end, or up to the brace that closes the word. */
  function read(depth: number): string | undefined {
    let result: string | undefined = '';
    while (at < text.length && (depth === 0 || text[at] !== '}')) {
      const piece = text[at] === '$' ? readVariable(depth) : text[at++];
      result = result === undefined || piece === undefined ? undefined : result + piece;
    }
    return result;
  }

  function readVariable(depth: number): string | undefined {
    VARIABLE.lastIndex = at;
    const [found, plain, name, operator] = VARIABLE.exec(text) ?? [];
    if (found === undefined) return text[at++];
    at += found.length;
    if (plain !== undefined) return values.get(plain);
    const isWanted = name !== undefined && depth < MAX_DEPTH;
    const word = isWanted && operator !== undefined ? read(depth + 1) : '';
    const isClosed = text[at] === '}';
    at = isWanted && isClosed ? at + 1 : text.length;
    return isWanted && isClosed ? chosen(values.get(name), operator, word) : undefined;
  }

  return read(0);
}

function chosen(value: string | undefined, operator: string | undefined, word: string | undefined): string | undefined {
  const isSet = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator?.endsWith('+')) return isSet ? word : '';
  if (isSet) return value;
  return operator?.endsWith('-') ? word : undefined;
}

const VARIABLE = /\$(?:(\w+)|\{(?:(\w+)(:?[-+?])?)?)/y;
const MAX_DEPTH = 50;
