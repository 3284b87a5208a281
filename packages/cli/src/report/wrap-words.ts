import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Breaks a text between words, or within a word that is wider than the line. */
export const wrapWords = (text: string, width: number): string[] =>
  width === Infinity
    ? [text]
    : wrapAnsi(text, Math.max(width, 20), { hard: true, trim: false }).split('\n').map(withoutEdge);

/** Puts a sign before the first line; all lines begin at the same column. */
export const hang = (sign: string, width: number, lines: readonly string[]): string[] =>
  lines.map((line, index) =>
    index === 0 ? sign + ' '.repeat(Math.max(0, width - stringWidth(sign))) + line : ' '.repeat(width) + line,
  );

/** The space at which a line was broken opens the next one. */
const withoutEdge = (line: string, index: number): string => (index === 0 ? line : line.replace(/^ /, ''));
