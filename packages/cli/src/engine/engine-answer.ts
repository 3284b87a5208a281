import type { IncomingMessage } from 'node:http';

/** A refusal: the status is not 2xx. The message is the engine's own sentence, or else the body. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';
  readonly statusCode: number;
  readonly body: string;
  readonly #contentType: string;

  constructor(statusCode: number, body: string, contentType = '') {
    const answer = objectIn(body);
    super(answer !== undefined && 'message' in answer ? String(answer.message) : body);
    this.statusCode = statusCode;
    this.body = body;
    this.#contentType = contentType;
  }

  /** A Docker Engine refuses with JSON, an attach with plain text, a HEAD without a body. A proxy can send anything. */
  get isFromEngine(): boolean {
    if (this.#contentType.startsWith('application/vnd.docker.')) return true;
    return this.body.trim() === '' ? this.statusCode < 500 : objectIn(this.body) !== undefined;
  }
}

/** An answer that no Docker Engine sends, for example an HTML page. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  /** Undefined for a line in the middle of a stream. */
  readonly status: number | undefined;
  readonly body: string;
  readonly isRedirect: boolean;

  constructor(status: number | undefined, body: string, isRedirect = false) {
    super('this is not the answer of a Docker Engine');
    this.status = status;
    this.body = body;
    this.isRedirect = isRedirect;
  }
}

/** The longest part that is read of an answer that is only shown. */
const SHOWN_BYTES = 65_536;

/** The beginning of an answer. Closes the connection if there is more. */
export const beginningOf = (answer: IncomingMessage): Promise<string> => textOf(answer, SHOWN_BYTES);

/**
 * The object or array in a JSON answer. Many requests succeed with an empty body, which gives an empty object; a GET
 * never does.
 *
 * @throws UnexpectedAnswer if the answer is anything else
 */
export async function objectOf(answer: IncomingMessage, method: string | undefined): Promise<object> {
  const body = await textOf(answer, Number.POSITIVE_INFINITY);
  if (body.trim() === '' && method !== 'GET') return {};
  const value = objectIn(body);
  if (value !== undefined) return value;
  // If the engine goes away during its answer, only the beginning arrives.
  if (/^\s*[[{]/.test(body)) throw new Error('aborted in the middle of the answer');
  throw new UnexpectedAnswer(answer.statusCode, body);
}

async function textOf(answer: IncomingMessage, mostBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(pieces).toString('utf8', 0, Math.min(bytes, mostBytes));
}

function objectIn(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
