/** The parts of a text that match a phrase. */
export interface PhraseMatch {
  /** The matched text up to and including the part for the first `*`. */
  readonly whole: string;
  /** The part for the first `*`. */
  readonly named: string;
}

/**
 * Finds a phrase in a text. A `*` in it matches any text: `unable to find user *: no matching entries`. Ignores case. A
 * `*` at the end matches the rest of the line, without a full stop. Takes time in proportion to the text, whatever the
 * text, because engines quote images and files.
 */
export function matchPhrase(text: string, phrase: string): PhraseMatch | undefined {
  const lower = text.toLowerCase();
  // A few letters become longer in lower case.
  const source = lower.length === text.length ? text : lower;
  const [before = '', after, ...others] = phrase.toLowerCase().split('*');
  if (after === undefined) return lower.includes(before) ? { whole: before, named: '' } : undefined;
  const start = after === '' ? lower.indexOf(before) : lower.lastIndexOf(before, lower.indexOf(after) - before.length);
  const from = start + before.length;
  const to = after === '' ? endOfLine(lower, from) : lower.indexOf(after, from);
  if (start === -1 || to <= from) return undefined;
  let at = to + after.length;
  for (const other of others) {
    const found = lower.indexOf(other, at);
    if (found === -1) return undefined;
    at = found + other.length;
  }
  return { whole: source.slice(start, to), named: source.slice(from, to) };
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline === -1 ? text.length : newline;
  return text[end - 1] === '.' ? end - 1 : end;
}
