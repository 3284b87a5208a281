import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { converse } from './conversation.ts';
import type { OpenPeer } from './peer-client.ts';
import { PSK, PSK_KEY } from './psk.ts';

/** A connection for each request, closed by the server. */
export const http10: OpenPeer = (address) => ({
  exchange: async () => {
    const talk = converse(address);
    talk.say('GET / HTTP/1.0\r\n\r\n');
    return versionIn(bodyOf(await talk.rest()), '');
  },
  close: () => {},
});

/** POSTs over one connection. */
export const keptAlive: OpenPeer = (address) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    exchange: async () => {
      const body = `post ${Math.random()}`;
      const asked = request({ ...address, agent, method: 'POST', path: '/' }).end(body);
      return versionIn(await text(await answerTo(asked)), body);
    },
    close: () => agent.destroy(),
  };
};

/** Three requests before the first answer, again and again. */
export const pipelined: OpenPeer = (address) => ({
  exchange: async () => {
    const talk = converse(address);
    talk.say('GET / HTTP/1.1\r\nHost: peer\r\n\r\n'.repeat(3));
    const answers = [await talk.hear(WHOLE_ANSWER), await talk.hear(WHOLE_ANSWER), await talk.hear(WHOLE_ANSWER)];
    talk.close();
    return answers.map((answer) => versionIn(bodyOf(answer), '')).at(-1) ?? '';
  },
  close: () => {},
});

/** A body in chunks with trailers, and an answer likewise. */
export const chunked: OpenPeer = (address) => ({
  exchange: async () => {
    const headers = { te: 'trailers', trailer: 'x-sent', 'transfer-encoding': 'chunked' };
    const asked = request({ ...address, agent: false, method: 'POST', path: '/', headers });
    for (const chunk of ['one ', 'two ', 'three']) {
      asked.write(chunk);
      await sleep(5);
    }
    asked.addTrailers({ 'x-sent': 'all' });
    asked.end();
    const answer = await answerTo(asked);
    const body = await text(answer);
    const { trailers } = JSON.parse(body) as { trailers: unknown };
    equal(trailers, { 'x-sent': 'all' });
    equal(answer.trailers, { 'x-sum': sha256(body) });
    return versionIn(body, 'one two three');
  },
  close: () => {},
});

/** The first byte of the answer comes late. */
export const slow =
  (afterMs: number): OpenPeer =>
  (address) => ({
    exchange: async () =>
      versionIn(
        await text(await answerTo(request({ ...address, agent: false, path: `/?after=${afterMs}` }).end())),
        '',
      ),
    close: () => {},
  });

/** It connects before it has anything to ask. */
export const silentFirst =
  (silentMs: number): OpenPeer =>
  (address) => ({
    exchange: async () => {
      const talk = converse(address);
      await sleep(silentMs);
      talk.say('GET / HTTP/1.1\r\nHost: peer\r\n\r\n');
      const answer = await talk.hear(WHOLE_ANSWER);
      talk.close();
      return versionIn(bodyOf(answer), '');
    },
    close: () => {},
  });

export const webSocket: OpenPeer = ({ host, port }) => ({
  exchange: async () => {
    const socket = new WebSocket(`ws://${host}:${port}/`);
    await once(socket, 'open');
    const version = await echoOf(socket, 'one');
    equal(await echoOf(socket, 'two'), version);
    socket.close();
    await once(socket, 'close');
    return version;
  },
  close: () => {},
});

/** Two events, with silence between them. */
export const events =
  (silentMs: number): OpenPeer =>
  (address) => ({
    exchange: async () => {
      const asked = request({ ...address, agent: false, path: `/events?silent=${silentMs}` }).end();
      const [, first, second] = /^data: (\S+)\n\ndata: (\S+) again\n\n$/.exec(await text(await answerTo(asked))) ?? [];
      if (first === undefined) throw new Error('the events are not what was sent');
      equal(second, first);
      return first;
    },
    close: () => {},
  });

export const https: OpenPeer = (address) => ({
  exchange: async () => {
    const asked = requestHttps({ ...address, ...TLS_CLIENT, agent: false, path: '/' }).end();
    return versionIn(await text(await answerTo(asked)), '');
  },
  close: () => {},
});

/** Requests with a body and trailers, over one session for as long as the server keeps it. */
export const h2c: OpenPeer = ({ host, port }) => {
  let session: ClientHttp2Session | undefined;
  return {
    exchange: async () => {
      if (session === undefined || session.closed || session.destroyed) {
        session = connectHttp2(`http://${host}:${port}`);
        session.on('error', () => {});
      }
      const stream = session.request({ ':method': 'POST', ':path': '/', te: 'trailers' });
      const trailers = once(stream, 'trailers');
      trailers.catch(() => {});
      stream.end('four');
      const closed = once(stream, 'close').then(() => Promise.reject(new Error('the stream was closed')));
      closed.catch(() => {});
      const [headers] = await Promise.race([once(stream, 'response'), closed]);
      equal(headers[':status'], 200);
      const version = await text(stream);
      equal((await trailers)[0]['x-sum'], '4');
      return version;
    },
    close: () => session?.destroy(),
  };
};

/** What a client of a server with a key of its own needs. */
export const TLS_CLIENT = {
  ...PSK,
  checkServerIdentity: () => undefined,
  pskCallback: () => ({ psk: PSK_KEY, identity: 'peer' }),
};

const WHOLE_ANSWER = /^HTTP\/1\.1 200.*?\r\n\r\n\{.*?\{\}\}/s;

const answerTo = async (asked: ReturnType<typeof request>): Promise<IncomingMessage> => {
  // The cast: what a `response` event brings.
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  equal(answer.statusCode, 200);
  return answer;
};

const bodyOf = (answer: string): string => {
  if (!/^HTTP\/1\.[01] 200 /.test(answer)) throw new Error(`the answer is ${JSON.stringify(answer.slice(0, 200))}`);
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
};

/** The version in an answer, which has to be to a request with this body. */
const versionIn = (answer: string, body: string): string => {
  const { version, sum } = JSON.parse(answer) as { version: string; sum: string };
  equal(sum, sha256(body));
  return version;
};

const echoOf = async (socket: WebSocket, word: string): Promise<string> => {
  const message = once(socket, 'message');
  socket.send(word);
  const [version = '', said] = String((await message)[0]).split(' ');
  equal(said, word);
  return version;
};

const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');

const equal = (found: unknown, wanted: unknown): void => {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`);
};
