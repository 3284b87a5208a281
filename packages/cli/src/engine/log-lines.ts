import type { LogEntry } from '../model/container.ts';

/** Turns the chunks of a timestamped log, multiplexed or a terminal's, into its lines. */
export interface LogLines {
  feed(chunk: Buffer): LogEntry[];
  /** What was left without a line's end. */
  end(): LogEntry[];
}

interface OpenLine {
  timeMs: number;
  readonly parts: Buffer[];
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
/** Number of stderr in a frame's header. */
const LAST_STREAM = 2;

/**
 * A log with a terminal is one stream, lines as they are; its first byte is a digit where a frame starts with 0, 1 or 2.
 * A frame is one message of the engine's log: `2026-01-02T03:04:05.000000006Z text`, with its line's end unless the
 * line was longer than 16 KiB: then it goes on in the next frame of the same stream, which has a timestamp of its own.
 * Bytes are only decoded by the line, since a frame may end inside a character.
 */
export function logLines(): LogLines {
  const open: Partial<Record<LogEntry['stream'], OpenLine>> = {};
  let buffered: Buffer = Buffer.alloc(0);
  let raw: boolean | undefined;

  const close = (stream: LogEntry['stream'], { timeMs, parts }: OpenLine): LogEntry => {
    delete open[stream];
    return {
      timeMs,
      stream,
      text: Buffer.concat(parts)
        .toString()
        .replace(/\r?\n$/, ''),
    };
  };

  const message = (stream: LogEntry['stream'], payload: Buffer): LogEntry[] => {
    const space = payload.indexOf(SPACE);
    const line = open[stream] ?? { timeMs: Date.parse(payload.toString('latin1', 0, space)), parts: [] };
    open[stream] = line;
    line.parts.push(payload.subarray(space + 1));
    return payload.at(-1) === NEWLINE ? [close(stream, line)] : [];
  };

  return {
    feed(chunk) {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      const entries: LogEntry[] = [];
      let at = 0;
      raw ??= buffered.length === 0 ? undefined : (buffered[0] ?? 0) > LAST_STREAM;
      if (raw) {
        for (let end = buffered.indexOf(NEWLINE); end >= 0; end = buffered.indexOf(NEWLINE, at)) {
          entries.push(...message('stdout', buffered.subarray(at, end + 1)));
          at = end + 1;
        }
        buffered = buffered.subarray(at);
        return entries;
      }
      while (buffered.length - at >= 8) {
        const end = at + 8 + buffered.readUInt32BE(at + 4);
        if (end > buffered.length) break;
        entries.push(...message(buffered[at] === 2 ? 'stderr' : 'stdout', buffered.subarray(at + 8, end)));
        at = end;
      }
      buffered = buffered.subarray(at);
      return entries;
    },
    end: () => {
      if (raw && buffered.length > 0) message('stdout', buffered);
      return (['stdout', 'stderr'] as const).flatMap((stream) => {
        const line = open[stream];
        return line ? [close(stream, line)] : [];
      });
    },
  };
}
