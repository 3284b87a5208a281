import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from 'zod/mini';
import type { StepResult } from '../../model/events.ts';
import { type Dialer, type DialTarget, dial } from './dial.ts';

/** The longest wait for an answer. */
const ANSWER_MS = 20_000;
/** The largest accepted report. */
const ANSWER_BYTES = 64 * 1024;
const withFile = z.object({ file: z.string() });

/** The report of a replica: the file that it made, or any other text on one line. */
export type ReplicaReport = Required<Pick<StepResult, 'file'>> | Required<Pick<StepResult, 'answer'>>;

/**
 * Asks one replica directly, without the ingress, for its report.
 *
 * @returns the `file` of a JSON answer, otherwise the answer's first line; of any length
 * @throws Error that says in plain words what happened instead: `answers with status 404`
 */
export async function askReplica(from: Dialer, target: DialTarget, path: string): Promise<ReplicaReport> {
  const { status, text } = await get(from, target, path).catch((error: unknown) => {
    throw new Error(whyNoAnswer(error, target), { cause: error });
  });
  if (status !== 200) throw new Error(`answers with status ${status}`);
  const json = jsonOf(text);
  const { data } = withFile.safeParse(json);
  if (data !== undefined) return { file: onOneLine(data.file) };
  const told = typeof json === 'string' ? json : json === undefined ? text : JSON.stringify(json);
  const answer = onOneLine(told.split(/\r?\n/).find((line) => onOneLine(line) !== '') ?? '');
  if (answer === '') throw new Error('gives an empty answer');
  return { answer };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const onOneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

function whyNoAnswer(error: unknown, { port }: DialTarget): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ABORT_ERR' || error.name === 'TimeoutError') return `does not answer within ${ANSWER_MS / 1000} s`;
  if (code === 'ECONNREFUSED') return `refuses connections on port ${port}`;
  if (code === 'ECONNRESET') return 'closes the connection without an answer';
  if (code.startsWith('HPE_')) return `does not speak HTTP on port ${port}`;
  return error.message;
}

/** The status of one replica's answer, without the ingress. */
export const askStatus = async (from: Dialer, target: DialTarget, path: string): Promise<number> =>
  (await get(from, target, path)).status;

async function get(from: Dialer, target: DialTarget, path: string): Promise<{ status: number; text: string }> {
  const stream = await dial(from, target);
  try {
    return await getOn(stream, path, from.clock.timeout(ANSWER_MS));
  } finally {
    stream.destroy();
  }
}

function getOn(stream: Duplex, path: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        createConnection: () => stream,
        path,
        headers: { host: 'localhost', connection: 'close' },
        signal,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_BYTES)
            asking.destroy(new Error(`answers with more than ${ANSWER_BYTES / 1024} KiB`));
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asking.on('error', reject);
    asking.end();
  });
}
