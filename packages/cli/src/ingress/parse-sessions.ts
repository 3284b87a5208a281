/** A session of a running HAProxy that has a server. */
export interface ProxySession {
  /** Name of the backend. */
  readonly proxy: string;
  readonly server: string;
  /** It was upgraded, to a WebSocket for example: no request is in flight in it any more. */
  readonly upgraded: boolean;
}

/**
 * Reads the answer of `show sess`: a line for each session. An HTTP session has analysers in one direction or both until
 * it is upgraded. `show sess all` says more, and crashes HAProxy 3.0 while a Lua script has a socket open.
 */
export const parseSessions = (answer: string): ProxySession[] =>
  answer.split('\n').flatMap((line) => {
    const { proxy, server } = / be=(?<proxy>\S+) srv=(?<server>\S+) /.exec(line)?.groups ?? {};
    if (proxy === undefined || server === undefined || server === '<none>') return [];
    const analysers = [...line.matchAll(/ r[qp]\[[^\]]*?,an=(\w+)h/g)].map(([, bits]) => bits);
    return [{ proxy, server, upgraded: analysers.length === 2 && analysers.every((bits) => bits === '00') }];
  });
