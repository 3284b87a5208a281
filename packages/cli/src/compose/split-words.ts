/**
 * A command line as the words that Docker Compose makes of it: quotes and backslashes as in a shell, but no shell runs. What follows
 * `;`, `&`, `|`, `<` or `>` outside of quotes is cut off. undefined where a quote or bracket is not closed.
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word = '';
  let isWord = false;
  let quote: '"' | "'" | '`' | ')' | undefined;
  let escaped = false;
  for (const character of line) {
    if (escaped) {
      word += character === 't' ? '\t' : character === 'n' ? '\n' : character;
      escaped = false;
      isWord = true;
      continue;
    }
    if (character === '\\' && quote !== "'") {
      escaped = true;
      continue;
    }
    if (' \t\r\n'.includes(character)) {
      if (quote !== undefined) word += character;
      else if (isWord) {
        words.push(word);
        word = '';
        isWord = false;
      }
      continue;
    }
    if ((character === '"' || character === "'") && (quote === undefined || quote === character)) {
      quote = quote === undefined ? character : undefined;
      isWord = true;
      continue;
    }
    if (character === '`' && (quote === undefined || quote === '`')) quote = quote === undefined ? '`' : undefined;
    else if (character === '(' && (quote === undefined || quote === ')')) {
      if (quote !== undefined || !word.endsWith('$')) return undefined;
      quote = ')';
    } else if (character === ')' && (quote === undefined || quote === ')'))
      quote = quote === undefined ? ')' : undefined;
    else if (';&|<>'.includes(character) && quote === undefined) {
      // A digit before `>` names a file descriptor.
      if (character === '>' && /^[0-9]/.test(word)) isWord = false;
      break;
    }
    word += character;
    isWord = true;
  }
  if (escaped || quote !== undefined) return undefined;
  return isWord ? [...words, word] : words;
}
