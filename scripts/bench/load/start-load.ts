import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface LoadOptions {
  readonly url: string;
  /** Connections, each with one request at a time. */
  readonly clients: number;
  /** Time between an answer and the next request. It keeps the load below what the machine can take. */
  readonly pauseMs: number;
}

/** One request. */
export interface Asked {
  /** Milliseconds since 1970, with fractions. */
  readonly started: number;
  readonly tookMs: number;
  /** With a status below 500. */
  readonly answered: boolean;
}

export interface Load {
  /** Ends the load and gives all its requests. */
  stop(): Promise<readonly Asked[]>;
}

/** Puts load on a URL from a thread of its own. Resolves at the first answer. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const worker = new Worker(new URL('./load-client.ts', import.meta.url), { workerData: options });
  await once(worker, 'message');
  return {
    stop: async () => {
      worker.postMessage('stop');
      const [asked] = (await once(worker, 'message')) as [readonly Asked[]];
      await worker.terminate();
      return asked;
    },
  };
}
