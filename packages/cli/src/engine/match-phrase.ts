/** What a text says in the words of a phrase. */
export interface PhraseMatch {
  /** All that the phrase says, up to what the first `*` stands for. */
  readonly whole: string;
  /** What the first `*` stands for. */
  readonly named: string;
}

/**
 * Finds a phrase in which `*` stands for what differs: `unable to find user *: no matching entries`. Upper and lower
 * case are the same. A `*` at the end stands for the rest of the line, without a full stop. It takes time in
 * proportion to the text, whatever that is: engines repeat what images and files say.
 */
export function matchPhrase(text: string, phrase: string): PhraseMatch | undefined {
  const lower = text.toLowerCase();
  // A few letters are longer in lower case.
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
