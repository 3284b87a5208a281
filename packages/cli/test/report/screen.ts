import { Writable } from 'node:stream';
import headless from '@xterm/headless';

/** A real terminal emulator behind a stream, as a process would see it. */
export interface Screen {
  readonly stream: Writable & { columns: number; rows: number; isTTY: true };
  /** All lines that are still there, including those scrolled up. */
  readonly lines: () => Promise<string[]>;
  readonly cursorHidden: () => Promise<boolean>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly writes: () => number;
}

export const createScreen = (columns: number, rows: number): Screen => {
  const terminal = new headless.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true });
  let hidden = false;
  let writes = 0;
  const plain = new Writable({
    write(chunk, _encoding, callback) {
      const text = String(chunk);
      writes += 1;
      if (text.lastIndexOf('\u001b[?25l') !== text.lastIndexOf('\u001b[?25h')) {
        hidden = text.lastIndexOf('\u001b[?25l') > text.lastIndexOf('\u001b[?25h');
      }
      // The emulator keeps the order of what it is given; waiting for it would make this stream a slow one.
      terminal.write(text);
      callback();
    },
  });
  const stream = Object.assign(plain, { columns, rows, isTTY: true as const });
  const settled = (): Promise<void> => new Promise((resolve) => terminal.write('', resolve));
  return {
    stream,
    async lines() {
      await settled();
      const { active } = terminal.buffer;
      const all = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
      return all.slice(0, all.findLastIndex((line) => line !== '') + 1);
    },
    async cursorHidden() {
      await settled();
      return hidden;
    },
    async resize(width, height) {
      await settled();
      terminal.resize(width, height);
      Object.assign(stream, { columns: width, rows: height });
      stream.emit('resize');
    },
    writes: () => writes,
  };
};
