import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import type { Clock } from '../model/clock.ts';
import { liveLines } from './live-lines.ts';
import type { Progress } from './progress.ts';
import { createStory, type Ongoing } from './story.ts';
import type { Style } from './style.ts';
import { toldLine } from './told-line.ts';

/**
 * Progress on a terminal: finished steps scroll up, ongoing steps move at the bottom. Each change is one write, to
 * avoid flicker.
 */
export const createLiveProgress = (options: {
  readonly err: Writable;
  readonly clock: Pick<Clock, 'now' | 'every'>;
  /** Read before each frame, because the size of a terminal changes. */
  readonly style: () => Style;
}): Progress => {
  const { err, clock, style } = options;
  const terminal: TerminalStream = err;
  const story = createStory();
  let tick = 0;
  let subjectWidth = MIN_SUBJECT_WIDTH;
  let stopTimer: (() => void) | undefined;
  let frame: readonly string[] = [];
  let buffer = '';
  let closed = false;

  const sink = {
    write: (text: string) => {
      buffer += text;
      return true;
    },
    // The frame is already cut to the terminal, so log-update must not wrap or clip it.
    columns: Number.MAX_SAFE_INTEGER,
    rows: Number.MAX_SAFE_INTEGER,
  };
  // The cast is safe: log-update only writes to its stream and reads these two sizes.
  const update = createLogUpdate(sink as unknown as NodeJS.WritableStream, { showCursor: true });

  const flush = (): void => {
    if (buffer !== '') err.write(SYNCHRONIZED + buffer + SYNCHRONIZED_END);
    buffer = '';
  };

  const draw = (lines: readonly string[]): void => {
    const shown = style();
    const rows = Math.max(1, (terminal.rows ?? 24) - 2);
    const ongoing = closed ? [] : [...story.ongoing.values()].sort(bySubject);
    const next = liveLines(ongoing, { nowMs: clock.now(), tick, subjectWidth, rows, style: shown });
    if (lines.length > 0) update.persist(lines.join('\n'));
    if (next.length === 0) {
      rest();
    } else {
      start();
      update(next.join('\n'));
      frame = next;
    }
  };

  const start = (): void => {
    if (stopTimer !== undefined) return;
    buffer += HIDE_CURSOR;
    terminal.on('resize', resize);
    stopTimer = clock.every(SPINNER_MS, () => {
      tick += 1;
      // A terminal that is slow (or paused with Ctrl-S) gets fewer frames instead of a queue of old ones.
      if (!err.writableNeedDrain) {
        draw([]);
        flush();
      }
    });
  };

  const rest = (): void => {
    update.clear();
    frame = [];
    if (stopTimer === undefined) return;
    stopTimer();
    stopTimer = undefined;
    terminal.off('resize', resize);
    buffer += SHOW_CURSOR;
  };

  /** A narrower terminal has wrapped the lines of the frame. Erases as many rows as the frame takes up now. */
  const resize = (): void => {
    const { width } = style();
    const height = frame.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / width)), 0);
    if (height > 0) buffer += `\u001b[${height}A\r\u001b[J`;
    update.done();
    draw([]);
    flush();
  };

  const widen = (subjects: readonly string[]): void => {
    subjectWidth = Math.min(
      MAX_SUBJECT_WIDTH,
      Math.max(subjectWidth, ...subjects.map((subject) => stringWidth(subject))),
    );
  };

  const print = (lines: readonly string[]): void => {
    draw(lines);
    flush();
  };

  const clear = (): void => {
    rest();
    flush();
  };

  return {
    print,
    event(event) {
      if (closed) return;
      const told = story.follow(event);
      // The names are known in advance, so lines printed early align with later ones.
      if (event.type === 'deploy-started' && event.services !== undefined)
        widen(event.services.map((name) => `${name}-1`));
      widen([...story.ongoing.values()].map(({ subject }) => subject));
      if (told !== undefined && !told.passing) return print([toldLine(told, subjectWidth, style())]);
      // Steps can end within milliseconds. The next tick draws those that are still going on.
      if (story.ongoing.size > 0) {
        start();
        flush();
      }
    },
    clear,
    close() {
      closed = true;
      clear();
    },
  };
};

/** Keeps each line in its place while others come and go. */
const bySubject = (a: Ongoing, b: Ongoing): number => a.subject.localeCompare(b.subject, 'en', { numeric: true });

const SPINNER_MS = 80;
const MIN_SUBJECT_WIDTH = 8;
const MAX_SUBJECT_WIDTH = 24;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Synchronized output: a terminal that supports it shows everything in between at once. Others ignore it. */
const SYNCHRONIZED = '\u001b[?2026h';
const SYNCHRONIZED_END = '\u001b[?2026l';

/** A terminal's stream also has a number of rows. */
type TerminalStream = Writable & { readonly rows?: number };
