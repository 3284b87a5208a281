import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a load is made of. The numbers of clients are of clients at the same time, each with one request at a time. */
export interface LoadOptions {
  /** Requests go to this URL; its query gets an `id` for each POST. */
  readonly url: string;
  /** Clients that keep their connection. */
  readonly keepAlive?: number;
  /** Clients that open a connection for each request, and close it after the answer. */
  readonly fresh?: number;
  /** Clients that say `Connection: close`, so that the server closes. */
  readonly connectionClose?: number;
  /** Share of the requests that are POSTs with a unique id, 0 to 1. */
  readonly posts?: number;
  /** A request without an answer after this time has failed. */
  readonly timeoutMs?: number;
  /** Time between a client's answer and its next request. */
  readonly pauseMs?: number;
}

/** What came of a load. */
export interface LoadResult {
  readonly total: number;
  /** Requests without an answer, and answers of 500 and above. */
  readonly failed: number;
  /** The first few of them: when (ms since the start), what, and why. */
  readonly failures: readonly { readonly atMs: number; readonly request: string; readonly reason: string }[];
  readonly slowestMs: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers by body, cut to 64 characters: who answered. */
  readonly bodies: Readonly<Record<string, number>>;
  readonly posts: { readonly sent: readonly string[]; readonly answered: readonly string[] };
  readonly seconds: number;
}

export interface Load {
  /** Requests answered so far, as of the last tenth of a second. */
  readonly answered: number;
  /** Resolves once this many more requests were answered, or ended, than at the call. */
  pass(requests: number): Promise<void>;
  /** Lets the requests in flight end, and tells what came of all. */
  stop(): Promise<LoadResult>;
}

/** Puts load on a URL from a thread of its own, so that the test's work does not slow it. Resolves at the first answer. */
export const startLoad = async (options: LoadOptions): Promise<Load> => {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: options });
  let answered = 0;
  const broken = new Promise<never>((_, reject) => {
    worker.once('error', reject);
  });
  broken.catch(() => {});
  worker.on('message', (message: { answered?: number }) => {
    if (message.answered !== undefined) answered = message.answered;
  });
  const pass = async (requests: number): Promise<void> => {
    const wanted = answered + requests;
    while (answered < wanted) await Promise.race([once(worker, 'message'), broken]);
  };
  await pass(1);
  return {
    get answered() {
      return answered;
    },
    pass,
    stop: async () => {
      const result = new Promise<LoadResult>((resolve) => {
        worker.on('message', (message: { result?: LoadResult }) => {
          if (message.result !== undefined) resolve(message.result);
        });
      });
      worker.postMessage('stop');
      const outcome = await Promise.race([result, broken]);
      await worker.terminate();
      return outcome;
    },
  };
};
