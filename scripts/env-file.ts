/**
 * Sets variables in the text of an env file. Replaces their lines in place and appends new ones; keeps every other
 * line, including comments.
 */
export function mergeEnvFile(text: string, variables: Readonly<Record<string, string>>): string {
  const rest = new Map(Object.entries(variables));
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const merged: string[] = [];
  for (const line of lines) {
    const key = envKey(line);
    if (key === undefined || !(key in variables)) {
      merged.push(line);
    } else if (rest.has(key)) {
      merged.push(`${key}=${rest.get(key)}`);
      rest.delete(key);
    }
  }
  for (const [key, value] of rest) merged.push(`${key}=${value}`);
  return `${merged.join('\n')}\n`;
}

/** The variables of an env file. The last line of a name counts. Quotes around a value are removed. */
export function readEnvFile(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const key = envKey(line);
    if (key === undefined) continue;
    const value = line.slice(line.indexOf('=') + 1).trim();
    variables[key] = /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
  }
  return variables;
}

const envKey = (line: string): string | undefined => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/.exec(line)?.[1];
