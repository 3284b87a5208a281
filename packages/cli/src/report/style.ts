import { Chalk, type ChalkInstance } from 'chalk';
import cliTruncate from 'cli-truncate';

/** How to write to a stream: colours, symbols, width. */
export interface Style {
  readonly chalk: ChalkInstance;
  readonly glyphs: Glyphs;
  /** Columns; Infinity if there is no limit. */
  readonly width: number;
  /** For local times; undefined means the machine's. */
  readonly timeZone: string | undefined;
}

interface Glyphs {
  readonly done: string;
  readonly failed: string;
  readonly warning: string;
  readonly undo: string;
  readonly arrow: string;
  readonly bar: string;
  readonly ellipsis: string;
  readonly none: string;
  readonly filled: string;
  readonly empty: string;
  readonly spinner: readonly string[];
}

/** Uses only the 16 basic colours, which follow the terminal's own theme. */
export const createStyle = (options: {
  colour: boolean;
  unicode: boolean;
  width: number;
  timeZone?: string | undefined;
}): Style => ({
  chalk: new Chalk({ level: options.colour ? 1 : 0 }),
  glyphs: options.unicode ? UNICODE : ASCII,
  width: options.width,
  timeZone: options.timeZone,
});

/** Cuts styled text to a width and marks the cut with an ellipsis. */
export const fit = (text: string, width: number, style: Style, position: 'end' | 'middle' = 'end'): string => {
  if (width === Infinity) return text;
  // In the narrowest columns, an ellipsis of three dots leaves no room for text.
  const truncationCharacter = width > style.glyphs.ellipsis.length ? style.glyphs.ellipsis : '';
  return cliTruncate(text, Math.max(0, width), { position, truncationCharacter });
};

const UNICODE: Glyphs = {
  done: '✓',
  failed: '✗',
  warning: '!',
  undo: '↩',
  arrow: '→',
  bar: '│',
  ellipsis: '…',
  none: '–',
  filled: '━',
  empty: '─',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const ASCII: Glyphs = {
  done: '+',
  failed: 'x',
  warning: '!',
  undo: '<',
  arrow: '->',
  bar: '|',
  ellipsis: '...',
  none: '-',
  filled: '#',
  empty: '.',
  spinner: ['|', '/', '-', '\\'],
};
