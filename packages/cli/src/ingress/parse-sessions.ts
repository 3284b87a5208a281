/** A session of a running HAProxy that has a server. */
export interface ProxySession {
  /** Name of the backend. */
  readonly proxy: string;
  readonly server: string;
  /** It was upgraded, to a WebSocket for example: no request is in flight in it any more. */
  readonly upgraded: boolean;
}

/** Reads the answer of `show sess all`: a block of lines for each session, which begins with its address. */
export const parseSessions = (answer: string): ProxySession[] =>
  answer.split(/^(?=0x)/m).flatMap((block) => {
    const proxy = /^ {2}backend=(\S+)/m.exec(block)?.[1];
    const server = /^ {2}server=(\S+)/m.exec(block)?.[1];
    if (proxy === undefined || server === undefined) return [];
    return [{ proxy, server, upgraded: / rsp\.st=MSG_TUNNEL /.test(block) }];
  });
