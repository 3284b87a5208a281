import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** One call of the Engine API. */
export interface EngineCall {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Such as `/images/create?fromImage=…`. */
  readonly path: string;
  readonly body?: Readable | string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Calls an engine on a socket, a named pipe or plain TCP, and returns the head of the answer; the body is the stream
 * itself. Used before the product is built, so it needs only Node.
 */
export function requestEngine(url: string, call: EngineCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...address(url),
        method: call.method ?? 'GET',
        path: call.path,
        headers: { host: 'docker', ...call.headers },
        ...(call.signal ? { signal: call.signal } : {}),
      },
      resolve,
    );
    outgoing.on('error', reject);
    if (call.body === undefined || typeof call.body === 'string' || Buffer.isBuffer(call.body)) outgoing.end(call.body);
    else call.body.on('error', (error) => outgoing.destroy(error)).pipe(outgoing);
  });
}

/** The whole answer as text. Rejects with the engine's message if the status is not 2xx. */
export async function askEngine(url: string, call: EngineCall): Promise<string> {
  const answer = await requestEngine(url, call);
  const body = await text(answer);
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw new Error(engineMessage(body) || `the engine answered ${status}`);
  return body;
}

/** The engine's sentence in `{"message":"…"}`, or the whole body. */
function engineMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // Proxies in front of an engine answer in HTML or plain text.
  }
  return body.trim();
}

function address(url: string): RequestOptions {
  const path = /^(?:unix|npipe):\/\/(.*)$/.exec(url)?.[1];
  if (path) return { socketPath: path };
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port || '2375' };
}
