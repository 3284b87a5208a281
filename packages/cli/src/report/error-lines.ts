import { LobbieError } from '../model/errors.ts';
import { cleanLines, cleanText } from './clean-text.ts';
import type { Style } from './style.ts';
import { hang, wrapWords } from './wrap-words.ts';

/** The parts of an error that are printed, whatever its class. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details: readonly string[];
}

/** One error on one screen: what failed, the details behind a bar, and what to do next. */
export const errorLines = (error: ToldError, style: Style): string[] => {
  const { chalk, glyphs, width } = style;
  const bar = `  ${chalk.dim(glyphs.bar)} `;
  const arrow = glyphs.arrow.length + 3;
  const message = wrapWords(cleanText(error.message), width - 2).map((line) => chalk.bold(line));
  const details = error.details.flatMap(cleanLines).flatMap((line) => wrapWords(line, width - 4));
  const hint = error.hint === undefined ? [] : cleanLines(error.hint).flatMap((line) => wrapWords(line, width - arrow));
  return [
    ...hang(chalk.red(glyphs.failed), 2, message),
    ...details.map((line) => bar + line),
    ...hang(`  ${chalk.cyan(glyphs.arrow)}`, arrow, hint),
  ].map((line) => line.trimEnd());
};

/** Reads a LobbieError. Any other error is a bug in lobbie: adds its stack and where to report it. */
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
