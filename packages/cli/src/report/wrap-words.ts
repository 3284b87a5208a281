import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Breaks a text between words, or within a word that is wider than the line; an indented text stays indented. */
export const wrapWords = (text: string, width: number): string[] => {
  if (width === Infinity) return [text];
  const indent = /^ {0,16}/.exec(text)?.[0] ?? '';
  const room = Math.max(width - indent.length, 20);
  return wrapAnsi(text.slice(indent.length), room, { hard: true })
    .split('\n')
    .map((line) => indent + line);
};

/** Puts a sign before the first line; all lines begin at the same column. */
export const hang = (sign: string, width: number, lines: readonly string[]): string[] =>
  lines.map((line, index) =>
    index === 0 ? sign + ' '.repeat(Math.max(0, width - stringWidth(sign))) + line : ' '.repeat(width) + line,
  );
