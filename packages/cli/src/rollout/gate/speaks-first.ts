import { type Dialer, type DialTarget, dial } from './dial.ts';

/** Ports of protocols whose servers send first: FTP, SSH, SMTP, POP3, NNTP, IMAP, MySQL, NATS, VNC. */
const GREETING_PORTS: ReadonlySet<number> = new Set([21, 22, 25, 110, 119, 143, 587, 2525, 3306, 4222, 5900, 33_060]);

/**
 * How long to listen to a port for a greeting, in milliseconds. Greetings arrive within a few milliseconds; a server
 * that first looks up its client's name takes longer.
 */
export const greetingMs = (port: number): number => (GREETING_PORTS.has(port) ? 3000 : 300);

/**
 * Whether a server sends something that its clients wait for. Sends nothing to it. An HTTP/2 server sends its settings
 * at once, but its clients do not wait for them.
 *
 * @param silent called once connected; its end ends the listening, and the port then counts as silent
 */
export async function speaksFirst(from: Dialer, target: DialTarget, silent: () => Promise<unknown>): Promise<boolean> {
  const stream = await dial(from, target);
  try {
    return await new Promise<boolean>((resolve) => {
      let heard = Buffer.alloc(0);
      stream.on('data', (bytes: Buffer) => {
        heard = Buffer.concat([heard, bytes]);
        const isHttp2 = isHttp2Settings(heard);
        if (isHttp2 !== undefined) resolve(!isHttp2);
      });
      for (const end of ['end', 'close', 'error']) stream.once(end, () => resolve(false));
      // A few bytes that could begin HTTP/2 are a greeting if no more follow.
      const quiet = (): void => resolve(heard.length > 0);
      // On a busy machine, a greeting may have arrived that this process has not read yet. It is read before this ends.
      const ended = (): unknown => setImmediate(quiet);
      silent().then(ended, ended);
    });
  } finally {
    // An error may come after the stream was destroyed.
    stream.on('error', () => undefined).destroy();
  }
}

/** Type and flags of the frame, and stream 0 (RFC 9113, 4.1 and 6.5); its length comes before. */
const SETTINGS = Buffer.from([4, 0, 0, 0, 0, 0]);
const LENGTH_BYTES = 3;

/**
 * Whether a server's first bytes are the SETTINGS frame with which HTTP/2 begins (RFC 9113, 3.4). Clients do not wait
 * for it. Undefined while there are too few bytes to tell.
 */
export const isHttp2Settings = (bytes: Buffer): boolean | undefined => {
  // No server has settings for 64 KiB.
  if (bytes.length > 0 && bytes[0] !== 0) return false;
  const told = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + SETTINGS.length);
  if (!told.equals(SETTINGS.subarray(0, told.length))) return false;
  return told.length < SETTINGS.length ? undefined : bytes.readUIntBE(0, LENGTH_BYTES) % 6 === 0;
};
