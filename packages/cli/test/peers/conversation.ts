import { connect, type Socket } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A connection that is spoken over in turns. */
export interface Conversation {
  say(words: string | Buffer): void;
  /** What was heard up to the end of the first match, which is not heard again; rejects when the connection ends before. */
  hear(wanted: RegExp): Promise<string>;
  /** All that was heard until the server ended the connection. */
  rest(): Promise<string>;
  close(): void;
}

export const converse = (address: Address): Conversation => converseOver(connect(address.port, address.host));

export function converseOver(socket: Socket): Conversation {
  let heard = '';
  let ended: string | undefined;
  let look = (): void => {};
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
    look();
  });
  const end = (why: string) => () => {
    ended ??= why;
    look();
  };
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message)());
  socket.on('end', end('ended'));
  socket.on('close', end('closed'));
  const until = <T>(test: () => T | undefined, atEnd: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      look = () => {
        const found = test();
        if (found !== undefined) resolve(found);
        else if (ended !== undefined) {
          try {
            resolve(atEnd());
          } catch (error) {
            reject(error);
          }
        }
      };
      look();
    });
  return {
    say: (words) => void socket.write(words),
    hear: (wanted) =>
      until(
        () => {
          const match = wanted.exec(heard);
          if (match === null) return undefined;
          const text = heard.slice(0, match.index + match[0].length);
          heard = heard.slice(text.length);
          return text;
        },
        () => {
          throw new Error(`the connection ${ended}, after ${JSON.stringify(heard)}, before ${wanted}`);
        },
      ),
    rest: () =>
      until(
        () => undefined,
        () => {
          if (ended !== 'ended' && ended !== 'closed') throw new Error(`${ended}, after ${JSON.stringify(heard)}`);
          return heard;
        },
      ),
    close: () => socket.destroy(),
  };
}
