import wrapAnsi from 'wrap-ansi';
import { LobbieError } from '../model/errors.ts';
import { cleanLines, cleanText } from './clean-text.ts';
import type { Style } from './style.ts';

/** What is told of an error, whatever class it has. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details: readonly string[];
}

/** One error on one screen: what failed, the facts behind a bar, and what to do next. */
export const errorLines = (error: ToldError, style: Style): string[] => {
  const { chalk, glyphs } = style;
  const indented = (sign: string, lines: readonly string[]) =>
    lines.map((line, index) => `${index === 0 ? sign : ' '.repeat(glyphs.arrow.length)} ${line}`);
  const bar = `  ${chalk.dim(glyphs.bar)} `;
  return [
    ...wrap(cleanText(error.message), style.width - 2).map(
      (line, index) => `${index === 0 ? chalk.red(glyphs.failed) : ' '} ${chalk.bold(line)}`,
    ),
    ...error.details.flatMap(cleanLines).flatMap((line) => wrap(line, style.width - 4).map((part) => bar + part)),
    ...(error.hint === undefined
      ? []
      : indented(
          chalk.cyan(glyphs.arrow),
          cleanLines(error.hint).flatMap((line) => wrap(line, style.width - 3 - glyphs.arrow.length)),
        ).map((line) => `  ${line}`)),
  ].map((line) => line.trimEnd());
};

/** A LobbieError as it is; anything else is a bug: its stack, and where to report it. */
export const toldError = (error: unknown, bugsUrl: string | undefined): ToldError => {
  if (error instanceof LobbieError && error.code !== 'BUG') {
    const { code, message, hint, details } = error;
    return { code, message, details, ...(hint === undefined ? {} : { hint }) };
  }
  const cause = error instanceof LobbieError ? (error.cause ?? error) : error;
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const where = bugsUrl === undefined ? '' : ` Please report it with these lines at ${bugsUrl}.`;
  return {
    code: 'BUG',
    message: `lobbie itself failed: ${message}`,
    hint: `This is a bug in lobbie.${where}`,
    // The first lines of a stack repeat the message.
    details: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
  };
};

const wrap = (text: string, width: number): string[] =>
  width === Infinity ? [text] : wrapAnsi(text, Math.max(width, 20), { hard: true, trim: false }).split('\n');
