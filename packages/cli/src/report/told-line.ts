import stringWidth from 'string-width';
import type { StepResult } from '../model/events.ts';
import { cleanText } from './clean-text.ts';
import { formatSeconds } from './format-seconds.ts';
import type { Told } from './story.ts';
import { fit, type Style } from './style.ts';
import { hang, wrapWords } from './wrap-words.ts';

/** A line that stays on the terminal: symbol, subject, verb, seconds and detail in columns. Sentences are not cut. */
export const toldLine = (told: Told, subjectWidth: number, style: Style): string => {
  if (told.subject === '') return sentence(told, style);
  const { chalk, glyphs } = style;
  const sign = told.sign === 'failed' ? glyphs.failed : told.sign === 'undo' ? glyphs.undo : glyphs.done;
  const start = columns(told.subject, told.verb, told.seconds, subjectWidth);
  // The error that follows describes a failure in full.
  const room = style.width - stringWidth(`${sign} ${start}`) - 2;
  const detail = told.files === undefined ? fit(told.detail, room, style) : filesText(told.files, room, style);
  if (told.minor) return chalk.dim(`${sign} ${start}  ${detail}`.trimEnd());
  const paint = told.sign === 'failed' ? chalk.red : told.sign === 'undo' ? chalk.yellow : chalk.green;
  const plain = told.sign === 'failed' || told.files !== undefined;
  return `${paint(sign)} ${start}  ${plain ? detail : chalk.dim(detail)}`.trimEnd();
};

/** The same for logs and pipes: two spaces between the parts, no alignment, no cuts. */
export const plainLine = (told: Told, style: Style): string => {
  if (told.subject === '') return told.sign === 'warning' ? `warning: ${told.detail}` : told.detail;
  const detail = told.files === undefined ? told.detail : filesText(told.files, Infinity, style);
  const parts = [told.subject, told.verb, told.seconds === undefined ? '' : formatSeconds(told.seconds), detail];
  return parts.filter((part) => part !== '').join('  ');
};

/** `api-1     healthy      0.6 s`: the start of both finished and live lines. */
export const columns = (subject: string, verb: string, seconds: number | undefined, subjectWidth: number): string => {
  const time = seconds === undefined ? '' : formatSeconds(seconds);
  return `${pad(subject, subjectWidth)}  ${pad(verb, VERB_WIDTH)} ${time.padStart(TIME_WIDTH)}`;
};

/**
 * Old file → new file. If they do not fit, both are shortened in the middle; with very little room, only the new one is
 * shown.
 */
const filesText = ({ file, replaced }: StepResult, room: number, style: Style): string => {
  const [old, made] = [cleanText(replaced ?? ''), cleanText(file ?? '')];
  const between = ` ${style.glyphs.arrow} `;
  const each = Math.floor((room - between.length) / 2);
  if (old === '' || made === '' || each < MIN_FILE_WIDTH) return fit(made || old, room, style, 'middle');
  const whole = stringWidth(old + between + made) <= room;
  const cut = (name: string): string => (whole ? name : fit(name, each, style, 'middle'));
  return style.chalk.dim(cut(old)) + between + cut(made);
};

const MIN_FILE_WIDTH = 14;
const VERB_WIDTH = 12;
const TIME_WIDTH = 6;

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

/** A sentence, wrapped and never cut: it appears only once. */
const sentence = ({ sign, detail }: Told, style: Style): string => {
  const { chalk, glyphs, width } = style;
  if (sign === 'none') return chalk.dim(wrapWords(detail, width).join('\n'));
  const mark = chalk.yellow(sign === 'warning' ? glyphs.warning : glyphs.undo);
  return hang(mark, 2, wrapWords(detail, width - 2)).join('\n');
};
