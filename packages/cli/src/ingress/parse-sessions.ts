/** A session of a running HAProxy that has a server. */
export interface ProxySession {
  /** Name of the backend. */
  readonly proxy: string;
  readonly server: string;
  /** It was upgraded, for example to a WebSocket, so it has no request in flight. */
  readonly upgraded: boolean;
}

/**
 * Reads the answer to `show sess`: one line for each session. An HTTP session has analysers in at least one direction
 * until it is upgraded. `show sess all` shows more, but crashes HAProxy 3.0 while a Lua script has a socket open.
 */
export const parseSessions = (answer: string): ProxySession[] =>
  answer.split('\n').flatMap((line) => {
    const { proxy, server } = / be=(?<proxy>\S+) srv=(?<server>\S+) /.exec(line)?.groups ?? {};
    if (proxy === undefined || server === undefined || server === '<none>') return [];
    const analysers = [...line.matchAll(/ r[qp]\[[^\]]*?,an=(\w+)h/g)].map(([, bits]) => bits);
    return [{ proxy, server, upgraded: analysers.length === 2 && analysers.every((bits) => bits === '00') }];
  });
