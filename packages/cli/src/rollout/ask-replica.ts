import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from 'zod/mini';
import type { Engine } from '../model/engine.ts';
import { type DialTarget, dial } from './dial.ts';

/** An answer that takes longer than this is not waited for. */
const ANSWER_MS = 5000;
/** No report is longer. */
const ANSWER_BYTES = 64 * 1024;
const answer = z.object({ file: z.string() });

/** Asks one replica, past the ingress, for its file. */
export async function askReplica(engine: Engine, target: DialTarget, path: string): Promise<string> {
  const { status, text } = await get(engine, target, path);
  if (status !== 200) throw new Error(`${path} answers with status ${status}`);
  return answer.parse(JSON.parse(text)).file;
}

/** The status that one replica answers with, asked past the ingress. */
export const askStatus = async (engine: Engine, target: DialTarget, path: string): Promise<number> =>
  (await get(engine, target, path)).status;

async function get(engine: Engine, target: DialTarget, path: string): Promise<{ status: number; text: string }> {
  const stream = await dial(engine, target);
  try {
    return await getOn(stream, path);
  } finally {
    stream.destroy();
  }
}

function getOn(stream: Duplex, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        createConnection: () => stream,
        path,
        headers: { host: 'localhost', connection: 'close' },
        signal: AbortSignal.timeout(ANSWER_MS),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_BYTES)
            asking.destroy(new Error(`${path} answers with more than ${ANSWER_BYTES} bytes`));
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asking.on('error', reject);
    asking.end();
  });
}
