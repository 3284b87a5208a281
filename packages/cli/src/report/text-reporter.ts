import type { Writable } from 'node:stream';
import stringWidth from 'string-width';
import { errorLines, type ToldError, toldError } from './error-lines.ts';
import { formatLogLine } from './format-log-line.ts';
import { createLiveProgress } from './live-progress.ts';
import { createPlainProgress } from './plain-progress.ts';
import type { Progress } from './progress.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { resultLines, shortLines } from './result-lines.ts';
import { createStyle, type Style } from './style.ts';
import { createToldOnce } from './told-once.ts';

/** The reporter for people: on a terminal, in a pipe, or quiet. */
export const createTextReporter = (options: ReporterOptions): Reporter => {
  const { mode, out, err, bugsUrl } = options;
  const toldOnce = createToldOnce();
  const progress = createProgress(options, () => streamStyle(err, options));
  let longestName = 0;
  let told = false;

  /** On a terminal, an empty line separates the progress from the result. */
  const part = (): void => {
    if (mode === 'tty' && told) progress.print(['']);
    told = false;
  };

  const tellError = (error: ToldError): void => {
    if (!toldOnce(error)) return;
    part();
    progress.print(errorLines(error, streamStyle(err, options)));
    told = true;
  };
  const write = (lines: readonly string[]): void => {
    progress.clear();
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  };

  return {
    event(event) {
      told = true;
      progress.event(event);
    },
    result(result) {
      if (result.type === 'receipt' && result.error !== undefined) tellError(result.error);
      part();
      write(mode === 'quiet' ? shortLines(result) : resultLines(result, streamStyle(out, options)));
    },
    log(line, nameWidth, timestamps = false) {
      longestName = Math.max(longestName, nameWidth ?? stringWidth(line.replica));
      const terminal = isTerminal(out);
      const colour = mode === 'tty' && options.colour && terminal;
      const { unicode = true } = options;
      write([formatLogLine(line, { colour, terminal, nameWidth: longestName, unicode, timestamps })]);
    },
    error: (error) => tellError(toldError(error, bugsUrl)),
    close: progress.close,
  };
};

const createProgress = (options: ReporterOptions, style: () => Style): Progress => {
  if (options.mode === 'tty') return createLiveProgress({ ...options, style });
  if (options.mode === 'plain') return createPlainProgress(options.err, style());
  return {
    event() {},
    print: (lines) => void options.err.write(`${lines.join('\n')}\n`),
    clear() {},
    close() {},
  };
};

/** A stream that is not a terminal has no width and no colours: it may be a file. Called again after each resize. */
const streamStyle = (stream: Writable, { mode, colour, unicode = true, timeZone }: ReporterOptions): Style =>
  createStyle({
    colour: mode === 'tty' && colour && isTerminal(stream),
    unicode,
    width: mode === 'tty' && isTerminal(stream) ? (stream.columns ?? 80) : Infinity,
    timeZone,
  });

const isTerminal = (stream: Writable): stream is Writable & { readonly columns?: number } =>
  'isTTY' in stream && stream.isTTY === true;
