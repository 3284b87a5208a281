import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import DockerModem from 'docker-modem';
import { beginningOf, objectOf, RefusedAnswer, UnexpectedAnswer } from './engine-answer.ts';

/**
 * The transport of dockerode, with answers read by lobbie. docker-modem itself
 * - never answers when the connection closes in the middle of an answer,
 * - forgets the status of a stream that is refused, and reads its body without a limit,
 * - takes an HTML page for a stream, and a plain answer for a connection that is handed over,
 * - stops watching the signal once the head of a stream has arrived.
 *
 * It also leaves out options that are undefined: docker-modem sends them as empty texts.
 */
export class EngineModem extends DockerModem {
  override dial(options: DockerModem.DialOptions, callback: DockerModem.RequestCallback = () => undefined): void {
    const { abortSignal, options: given } = options;
    if (abortSignal?.aborted) {
      callback(abortSignal.reason, null);
      return;
    }
    const asStream = { ...options, isStream: true, openStdin: false, statusCodes: ANY };
    super.dial({ ...asStream, ...(given && { options: withoutUndefined(given) }) }, (error, answer) => {
      if (error) callback(error, null);
      else {
        read(answer, options).then(
          (value) => callback(null, value),
          (failure) => callback(failure, null),
        );
      }
    });
  }
}

const OK: ReadonlySet<number> = new Set([200, 201, 202, 204, 304]);

/** Lets docker-modem hand over every answer, whatever its status. */
const ANY: DockerModem.StatusCodes = new Proxy({}, { get: () => true });

type Answer = Parameters<DockerModem.RequestCallback>[1];

async function read(
  answer: Answer,
  { method, hijack, isStream, abortSignal }: DockerModem.DialOptions,
): Promise<Answer> {
  // A connection that is handed over is a bare socket.
  if (!isMessage(answer)) return answer;
  const { statusCode = 0 } = answer;
  if (abortSignal) addAbortSignal(abortSignal, answer);
  if (!OK.has(statusCode))
    throw new RefusedAnswer(statusCode, await beginningOf(answer), answer.headers['content-type']);
  if (hijack || (isStream && isForeign(answer))) throw new UnexpectedAnswer(statusCode, await beginningOf(answer));
  return isStream ? answer : objectOf(answer, method);
}

const isMessage = (answer: Answer): answer is IncomingMessage =>
  typeof answer === 'object' && answer !== null && 'statusCode' in answer;

/** An engine names its API in every answer. It guesses the type of what a container wrote: that can be any text. */
const isForeign = ({ headers }: IncomingMessage): boolean =>
  headers['api-version'] === undefined && /^text\/(?:html|plain|xml)/i.test(headers['content-type'] ?? '');

/** Of the options, and of `_query` and `_body` in them. */
function withoutUndefined(options: object): object {
  const { _query, ...others } = options as { readonly _query?: object };
  return { ...defined(others), ...(_query && { _query: defined(_query) }) };
}

const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
