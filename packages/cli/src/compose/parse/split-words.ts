/**
 * Splits a command line into words like Docker Compose: quotes and backslashes as in a shell, but no shell runs. Text
 * after `;`, `&`, `|`, `<` or `>` outside quotes is cut off. undefined if a quote or bracket is not closed.
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word = '';
  let isWord = false;
  let escaped = false;
  // Quotes also count inside backticks, so several may be open.
  const open = { single: false, double: false, back: false, dollar: false };
  const isOpen = () => open.single || open.double || open.back || open.dollar;
  for (const character of line) {
    if (escaped) {
      word += character;
      escaped = false;
    } else if (character === '\\' && !open.single) {
      escaped = true;
      continue;
    } else if (' \t\r\n'.includes(character)) {
      if (isOpen()) word += character;
      else if (isWord) {
        words.push(word);
        word = '';
        isWord = false;
      }
      continue;
    } else if (character === '"' && !open.single && !open.dollar) {
      // A closing quote makes a word, even an empty one.
      isWord ||= open.double;
      open.double = !open.double;
      continue;
    } else if (character === "'" && !open.double && !open.dollar) {
      isWord ||= open.single;
      open.single = !open.single;
      continue;
    } else {
      if (character === '`' && !open.single && !open.double && !open.dollar) open.back = !open.back;
      else if (character === ')' && !open.single && !open.double && !open.back) open.dollar = !open.dollar;
      else if (character === '(' && !open.single && !open.double && !open.back) {
        if (open.dollar || !word.endsWith('$')) return undefined;
        open.dollar = true;
      } else if (';&|<>'.includes(character) && !isOpen()) {
        // A digit before `>` names a file descriptor.
        if (character === '>' && /^[0-9]/.test(word)) isWord = false;
        break;
      }
      word += character;
    }
    isWord = true;
  }
  if (escaped || isOpen()) return undefined;
  return isWord ? [...words, word] : words;
}
