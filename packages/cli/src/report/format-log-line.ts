import type { ChalkInstance } from 'chalk';
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import type { ReplicaLogLine } from '../model/results.ts';
import { cleanText, neutralise } from './clean-text.ts';

/**
 * One line of `lobbie logs`: `api-1 │ text`. A replica always has the same colour. On a terminal, colours in the text
 * are kept; sequences that move the cursor or set the title are removed. Elsewhere the text is passed on as the
 * container wrote it.
 */
export const formatLogLine = (
  line: ReplicaLogLine,
  options: {
    readonly colour: boolean;
    /** Width of the longest replica name. */
    readonly nameWidth: number;
    /** Whether the line goes to a terminal. */
    readonly terminal: boolean;
    readonly unicode?: boolean;
    /** Prints the time of the line before its text, in UTC: `2026-01-31T12:00:00.000Z`. */
    readonly timestamps?: boolean;
  },
): string => {
  const replica = cleanText(line.replica);
  const padding = ' '.repeat(Math.max(0, options.nameWidth - stringWidth(replica)));
  const name = `${replica}${padding} ${options.unicode === false ? '|' : '│'}`;
  const text = options.terminal ? keepColours(line.text, options.colour) : line.text;
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const time =
    options.timestamps && Number.isFinite(line.timeMs) ? `${chalk.dim(new Date(line.timeMs).toISOString())} ` : '';
  return `${chalk[replicaColour(replica)](name)} ${time}${text}`.trimEnd();
};

const PALETTE = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'cyanBright', 'yellowBright', 'greenBright'] as const;

/**
 * Neighbours (`api-1`, `api-2`) always differ: the replica's number counts on from its service's place in the palette.
 */
const replicaColour = (replica: string): (typeof PALETTE)[number] & keyof ChalkInstance => {
  const [, service = replica, index = '0'] = /^(.*)-(\d+)$/.exec(replica) ?? [];
  const place = [...service].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  return PALETTE[(place + Number(index)) % PALETTE.length] ?? 'cyan';
};

/** Select Graphic Rendition: the only sequence that changes nothing but how text looks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a sequence
const SGR = /(\u001b\[[0-9;:]*m)/;

const keepColours = (text: string, colour: boolean): string => {
  const parts = text.split(SGR);
  const kept = parts
    .map((part, index) => (index % 2 === 0 ? neutralise(part.replaceAll('\t', '    ')) : colour ? part : ''))
    .join('');
  return colour && parts.length > 1 ? `${kept.trimEnd()}\u001b[0m` : kept.trimEnd();
};
