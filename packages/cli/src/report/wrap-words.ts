import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Breaks text between words, or inside a word that is wider than the line. Indented text stays indented. */
export const wrapWords = (text: string, width: number): string[] => {
  if (width === Infinity) return [text];
  const indent = /^ {0,16}/.exec(text)?.[0] ?? '';
  const room = Math.max(width - indent.length, 20);
  return wrapAnsi(text.slice(indent.length), room, { hard: true })
    .split('\n')
    .map((line) => indent + line);
};

/** Puts a symbol before the first line and indents the others to match. */
export const hang = (sign: string, width: number, lines: readonly string[]): string[] =>
  lines.map((line, index) =>
    index === 0 ? sign + ' '.repeat(Math.max(0, width - stringWidth(sign))) + line : ' '.repeat(width) + line,
  );
