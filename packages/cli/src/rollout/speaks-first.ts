import type { Engine } from '../model/engine.ts';
import { type DialTarget, dial } from './dial.ts';

/** Ports of protocols in which servers are known to speak first: FTP, SSH, SMTP, POP3, NNTP, IMAP, MySQL, NATS, VNC. */
const GREETING_PORTS: ReadonlySet<number> = new Set([21, 22, 25, 110, 119, 143, 587, 2525, 3306, 4222, 5900, 33_060]);

/**
 * How long a port is listened to for a greeting, in milliseconds. Greetings come within a few; a server that looks up
 * its client's name first takes longer.
 */
export const greetingMs = (port: number): number => (GREETING_PORTS.has(port) ? 3000 : 300);

/**
 * Whether a server sends something before its client does. Nothing is sent to it.
 *
 * @param silent ends the listening; the port is silent then
 */
export async function speaksFirst(engine: Engine, target: DialTarget, silent: Promise<unknown>): Promise<boolean> {
  const stream = await dial(engine, target);
  try {
    return await new Promise<boolean>((resolve) => {
      stream.once('data', () => resolve(true));
      for (const end of ['end', 'close', 'error']) stream.once(end, () => resolve(false));
      const quiet = (): void => resolve(false);
      silent.then(quiet, quiet);
    });
  } finally {
    // An error may come after the stream was destroyed.
    stream.on('error', () => undefined).destroy();
  }
}
