import { Agent, request } from 'node:http';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import type { LoadOptions, LoadResult } from './load.ts';

// A reason not to use `options: LoadOptions = workerData` unchecked: none, both ends are in this folder.
const options = workerData as LoadOptions;
const { posts = 0, timeoutMs = 600_000, pauseMs = 0 } = options;
const base = new URL(options.url);
const startedAt = performance.now();
const statuses: Record<string, number> = {};
const bodies: Record<string, number> = {};
const failures: LoadResult['failures'][number][] = [];
const sent: string[] = [];
const answered: string[] = [];
let total = 0;
let failed = 0;
let slowestMs = 0;
let nextId = 0;
let stopping = false;

type Client = 'keepAlive' | 'fresh' | 'connectionClose';

const runClient = async (kind: Client): Promise<void> => {
  const agent = kind === 'keepAlive' ? new Agent({ keepAlive: true, maxSockets: 1 }) : new Agent({ keepAlive: false });
  while (!stopping) {
    await oneRequest(agent, kind);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  agent.destroy();
};

const oneRequest = async (agent: Agent, kind: Client): Promise<void> => {
  const isPost = Math.random() < posts;
  const id = isPost ? `${process.pid}-${threadId}-${nextId++}` : undefined;
  const url = new URL(base);
  if (id !== undefined) {
    url.searchParams.set('id', id);
    sent.push(id);
  }
  const begun = performance.now();
  const outcome = await exchange(url, agent, isPost, kind === 'fresh');
  const tookMs = performance.now() - begun;
  total += 1;
  slowestMs = Math.max(slowestMs, tookMs);
  if (outcome.status !== undefined) statuses[outcome.status] = (statuses[outcome.status] ?? 0) + 1;
  if (outcome.body !== undefined) bodies[outcome.body] = (bodies[outcome.body] ?? 0) + 1;
  if (id !== undefined && outcome.status !== undefined && outcome.status < 500) answered.push(id);
  if (outcome.reason === undefined) return;
  failed += 1;
  const what = `${isPost ? 'POST' : 'GET'} ${kind}`;
  if (failures.length < 20) {
    failures.push({
      atMs: Math.round(begun - startedAt),
      request: what,
      reason: `${outcome.reason} after ${Math.round(tookMs)} ms`,
    });
  }
};

interface Outcome {
  readonly status?: number;
  readonly body?: string;
  /** Why it failed. */
  readonly reason?: string;
}

// A fresh client says `keep-alive` as browsers do and closes by itself; an agent without keep-alive says `close`.
const exchange = (url: URL, agent: Agent, isPost: boolean, closesItself: boolean): Promise<Outcome> =>
  new Promise((resolve) => {
    const outgoing = request(url, {
      agent,
      method: isPost ? 'POST' : 'GET',
      headers: {
        ...(closesItself ? { connection: 'keep-alive' } : {}),
        ...(isPost ? { 'content-type': 'text/plain', 'content-length': '4' } : {}),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve({ reason: error.code ?? error.message }));
    outgoing.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', (error: NodeJS.ErrnoException) => resolve({ status, reason: error.code ?? error.message }));
      response.on('end', () => {
        if (closesItself) outgoing.socket?.destroy();
        resolve({ status, body: body.slice(0, 64), ...(status >= 500 && { reason: `status ${status}` }) });
      });
    });
    outgoing.end(isPost ? 'post' : undefined);
  });

const clients = (['keepAlive', 'fresh', 'connectionClose'] as const).flatMap((kind) =>
  Array.from({ length: options[kind] ?? 0 }, () => runClient(kind)),
);
const progress = setInterval(() => parentPort?.postMessage({ answered: total }), 100);
parentPort?.once('message', async () => {
  stopping = true;
  await Promise.all(clients);
  clearInterval(progress);
  const result: LoadResult = {
    total,
    failed,
    failures,
    slowestMs: Math.round(slowestMs),
    statuses,
    bodies,
    posts: { sent, answered },
    seconds: (performance.now() - startedAt) / 1000,
  };
  parentPort?.postMessage({ result });
  parentPort?.close();
});
