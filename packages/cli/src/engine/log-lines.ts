import type { LogEntry } from '../model/container.ts';

/** Turns the chunks of a timestamped log, multiplexed or a terminal's, into its lines. */
export interface LogLines {
  feed(chunk: Buffer): LogEntry[];
  /** The rest, which had no end of line. */
  end(): LogEntry[];
}

/** The longest line that is kept, in bytes. A program may write for hours without an end of line. */
export const MOST_LINE_BYTES = 1024 * 1024;
const CUT = ' … (line cut at 1 MiB)';

interface OpenLine {
  readonly timeMs: number;
  readonly parts: Buffer[];
  bytes: number;
  isCut: boolean;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
/** The number of stderr in a frame's header. */
const STDERR = 2;
const HEADER_BYTES = 8;
/** The engine's timestamps have up to 35 letters. */
const MOST_STAMP_BYTES = 64;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * The log of a container with a terminal is one stream of plain lines: its first byte is a digit, whereas a frame
 * starts with 0, 1 or 2. A frame is one message of the engine's log: `2026-01-02T03:04:05.000000006Z text` and an end
 * of line. A line longer than 16 KiB continues in the next frame of the same stream, which has its own timestamp.
 * Decodes whole lines only, because a frame may end inside a character. Cuts a line after {@link MOST_LINE_BYTES} and
 * marks the cut, so that no more than this is held in memory.
 */
export function logLines(): LogLines {
  const open: Partial<Record<LogEntry['stream'], OpenLine>> = {};
  let raw: boolean | undefined;
  // The message that is being read: its stream, the part of its timestamp read so far (undefined once it is complete),
  // its last byte and, in a frame, the number of bytes still to come.
  let stream: LogEntry['stream'] = 'stdout';
  let stamp: Buffer | undefined = NOTHING;
  let last: number | undefined;
  let left = 0;
  let header = NOTHING;

  const begin = (time: string): void => {
    open[stream] ??= { timeMs: Date.parse(time), parts: [], bytes: 0, isCut: false };
    stamp = undefined;
  };

  const append = (text: Buffer): void => {
    const line = open[stream];
    if (line === undefined || text.length === 0) return;
    const kept = text.subarray(0, MOST_LINE_BYTES - line.bytes);
    line.isCut ||= kept.length < text.length;
    line.bytes += kept.length;
    // A copy, so that the chunk need not stay in memory.
    if (kept.length > 0) line.parts.push(Buffer.from(kept));
  };

  const take = (bytes: Buffer): void => {
    last = bytes.at(-1) ?? last;
    if (stamp === undefined) {
      append(bytes);
      return;
    }
    const read: Buffer = stamp.length === 0 ? bytes : Buffer.concat([stamp, bytes]);
    const space = read.indexOf(SPACE);
    if (space < 0 && read.length <= MOST_STAMP_BYTES) {
      stamp = Buffer.from(read);
      return;
    }
    begin(read.toString('latin1', 0, Math.max(0, space)));
    append(read.subarray(space + 1));
  };

  const close = (of: LogEntry['stream']): LogEntry[] => {
    const line = open[of];
    if (line === undefined) return [];
    delete open[of];
    const text = Buffer.concat(line.parts).toString();
    // A character that was cut in two reads as U+FFFD.
    return [
      {
        timeMs: line.timeMs,
        stream: of,
        text: line.isCut ? text.replace(/\ufffd$/, '') + CUT : text.replace(/\r?\n$/, ''),
      },
    ];
  };

  const endMessage = (): LogEntry[] => {
    if (stamp !== undefined && stamp.length > 0) {
      const text = stamp;
      begin('');
      append(text);
    }
    const isWhole = last === NEWLINE;
    stamp = NOTHING;
    last = undefined;
    return isWhole ? close(stream) : [];
  };

  const feedRaw = (chunk: Buffer): LogEntry[] => {
    const entries: LogEntry[] = [];
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      take(chunk.subarray(at, end + 1));
      entries.push(...endMessage());
      at = end + 1;
    }
    if (at < chunk.length) take(chunk.subarray(at));
    return entries;
  };

  const feedFrames = (chunk: Buffer): LogEntry[] => {
    const entries: LogEntry[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const more = chunk.subarray(at, at + HEADER_BYTES - header.length);
        header = Buffer.concat([header, more]);
        at += more.length;
        if (header.length < HEADER_BYTES) break;
        stream = header[0] === STDERR ? 'stderr' : 'stdout';
        left = header.readUInt32BE(4);
        header = NOTHING;
        continue;
      }
      const part = chunk.subarray(at, at + left);
      take(part);
      at += part.length;
      left -= part.length;
      if (left === 0) entries.push(...endMessage());
    }
    return entries;
  };

  return {
    feed(chunk) {
      if (chunk.length === 0) return [];
      raw ??= (chunk[0] ?? 0) > STDERR;
      return raw ? feedRaw(chunk) : feedFrames(chunk);
    },
    end: () => [...endMessage(), ...close('stdout'), ...close('stderr')],
  };
}
