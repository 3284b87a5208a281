import stringWidth from 'string-width';
import type { Ongoing } from './story.ts';
import { fit, type Style } from './style.ts';
import { columns } from './told-line.ts';

/** The moving part at the bottom of a terminal: one line for each ongoing step, never higher than the room given. */
export const liveLines = (
  ongoing: readonly Ongoing[],
  options: {
    readonly nowMs: number;
    /** Counts the frames of the spinner. */
    readonly tick: number;
    readonly subjectWidth: number;
    readonly rows: number;
    readonly style: Style;
  },
): string[] => {
  const { style, rows } = options;
  const shown = ongoing.length <= rows ? ongoing : ongoing.slice(0, Math.max(1, rows - 1));
  const rest = ongoing.length - shown.length;
  return [
    ...shown.map((one) => liveLine(one, options)),
    ...(rest === 0 ? [] : [style.chalk.dim(`  ${style.glyphs.ellipsis} and ${rest} more`)]),
  ];
};

const liveLine = (
  one: Ongoing,
  { nowMs, tick, subjectWidth, style }: { nowMs: number; tick: number; subjectWidth: number; style: Style },
): string => {
  const { chalk, glyphs } = style;
  const spinner = chalk.cyan(glyphs.spinner[tick % glyphs.spinner.length]);
  const start = `${spinner} ${columns(one.subject, one.verb, (nowMs - one.sinceMs) / 1000, subjectWidth)}`;
  const bar = one.progress === undefined ? '' : `${progressBar(one.progress, style)}  `;
  const line = `${start}  ${bar}${chalk.dim(one.detail)}`;
  // The last column stays free: some terminals wrap as soon as it is written to.
  return fit(line, Math.min(style.width - 1, stringWidth(line)), style).trimEnd();
};

const progressBar = (progress: number, { chalk, glyphs, width }: Style): string => {
  const size = width < 80 ? 10 : 20;
  const filled = Math.floor(progress * size);
  const percent = `${Math.floor(progress * 100)}%`.padStart(4);
  return chalk.cyan(glyphs.filled.repeat(filled)) + chalk.dim(glyphs.empty.repeat(size - filled)) + percent;
};
