import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { addAbortSignal, type Duplex, type Readable } from 'node:stream';
import DockerModem from 'docker-modem';
import { defined } from '../model/defined.ts';
import { beginningOf, objectOf, RefusedAnswer, UnexpectedAnswer } from './engine-answer.ts';

/**
 * The transport of dockerode. docker-modem makes the path, the query, the headers and the body of each request. lobbie
 * sends it and reads the answer, because docker-modem
 * - never answers when the connection closes in the middle of an answer,
 * - forgets the status of a stream that is refused, and reads its body without a limit,
 * - takes an HTML page for a stream, and a plain answer for a connection that is handed over,
 * - stops watching the signal once the head of a stream has arrived,
 * - follows redirects with a GET, and throws where nobody can catch it when one leads nowhere,
 * - sends options that are undefined as empty texts.
 */
export class EngineModem extends (DockerModem as unknown as new () => Transport) {
  override dial(options: DockerModem.DialOptions, callback: DockerModem.RequestCallback): void {
    if (options.abortSignal?.aborted) callback(options.abortSignal.reason, null);
    else super.dial({ ...options, ...(options.options && { options: withoutUndefined(options.options) }) }, callback);
  }

  override buildRequest(options: object, context: DockerModem.DialOptions, body: Body, callback: Callback): void {
    send(() => (this.protocol === 'https' ? requestHttps(options) : requestHttp(options)), body)
      .then((answer) => read(answer, context))
      .then(
        (answer) => callback(null, answer),
        (error) => callback(error, null),
      );
  }
}

/** docker-modem, with the members that its types leave out. */
interface Transport {
  readonly protocol: string;
  dial(options: DockerModem.DialOptions, callback: DockerModem.RequestCallback): void;
  buildRequest(options: object, context: DockerModem.DialOptions, body: Body, callback: Callback): void;
}

type Body = string | Buffer | Readable | undefined;
type Callback = (error: unknown, answer: object | null) => void;

/**
 * A modem with these options and no others. docker-modem's constructor is not called: it also reads DOCKER_HOST and the
 * certificates of DOCKER_CERT_PATH, and fails when they are wrong, even if another engine is chosen.
 */
export const engineModem = (options: DockerModem.ConstructorOptions): EngineModem =>
  Object.assign(Object.create(EngineModem.prototype), { headers: {}, pathPrefix: '/', ...options });

/** Returns the head of the answer, or the bare connection if the engine hands it over. */
const send = (begin: () => ClientRequest, body: Body): Promise<IncomingMessage | Duplex> =>
  new Promise((resolve, reject) => {
    // Inside the promise, so that what Node throws at once (for a header that it refuses) rejects it too.
    const request = begin();
    request.on('error', reject).on('response', resolve);
    // Without this listener, Node closes a connection that the engine hands over.
    request.on('upgrade', (_head, connection, first) => {
      if (first.length > 0) connection.unshift(first);
      resolve(connection);
    });
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
    else body.on('error', (error) => request.destroy(error)).pipe(request);
  });

const OK: ReadonlySet<number> = new Set([200, 201, 202, 204, 304]);

async function read(
  answer: IncomingMessage | Duplex,
  { method, hijack, isStream, abortSignal }: DockerModem.DialOptions,
): Promise<object> {
  if (!('statusCode' in answer)) {
    if (hijack) return answer;
    answer.destroy();
    throw new UnexpectedAnswer(101, '');
  }
  const { statusCode = 0, headers } = answer;
  if (abortSignal) addAbortSignal(abortSignal, answer);
  if (statusCode >= 300 && headers.location !== undefined)
    throw new UnexpectedAnswer(statusCode, await beginningOf(answer), true);
  if (!OK.has(statusCode)) throw new RefusedAnswer(statusCode, await beginningOf(answer), headers['content-type']);
  if (hijack || (isStream && isForeign(answer))) throw new UnexpectedAnswer(statusCode, await beginningOf(answer));
  return isStream ? answer : objectOf(answer, method);
}

/** An engine names its API in every answer. The content type of container output is only its guess. */
const isForeign = ({ headers }: IncomingMessage): boolean =>
  headers['api-version'] === undefined && /^text\/(?:html|plain|xml)/i.test(headers['content-type'] ?? '');

/** Removes undefined values from the options, and from `_query` in them. */
function withoutUndefined(options: object): object {
  const { _query, ...others } = options as { readonly _query?: object };
  return { ...defined(others), ...(_query && { _query: defined(_query) }) };
}
