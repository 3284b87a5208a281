/**
 * A text of a Dockerfile with the values of its args in it: `$NAME`, `${NAME}` and the forms with `-`, `:-`, `+` and
 * `:+`. Undefined when a name has no value.
 */
export function substituteArgs(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let complete = true;
  const result = text.replace(REFERENCE, (all: string, plain: string | undefined, braced: string | undefined) => {
    const [, name = plain, operator = '', word = ''] = BRACED.exec(braced ?? '') ?? [];
    if (name === undefined || !(plain !== undefined || all.endsWith('}'))) return all;
    const value = values.get(name);
    const set = operator.startsWith(':') ? Boolean(value) : value !== undefined;
    if (operator.endsWith('+')) return set ? word : '';
    if (set && value !== undefined) return value;
    if (operator.endsWith('-')) return word;
    complete = false;
    return '';
  });
  return complete ? result : undefined;
}

// What is not closed reaches to the end, so that each character is looked at once.
const REFERENCE = /\$(?:(\w+)|\{([^}]*)(?:\}|$))/g;
const BRACED = /^(\w+)(?:(:?[-+])(.*))?$/s;
