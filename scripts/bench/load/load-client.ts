import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import type { Asked, LoadOptions } from './start-load.ts';

// Runs in a thread of its own. Each client sends one request at a time on one connection that it keeps.

// Both ends of the message are in this folder, so it is not checked.
const { url, clients, pauseMs } = workerData as LoadOptions;
const agent = new Agent({ keepAlive: true, maxSockets: clients });
const asked: Asked[] = [];
let isStopping = false;

const all = Array.from({ length: clients }, async () => {
  while (!isStopping) {
    const started = performance.timeOrigin + performance.now();
    const answered = await ask();
    asked.push({ started, tookMs: performance.timeOrigin + performance.now() - started, answered });
    if (asked.length === 1) parentPort?.postMessage('answered');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
});
parentPort?.once('message', async () => {
  isStopping = true;
  await Promise.all(all);
  agent.destroy();
  parentPort?.postMessage(asked);
  parentPort?.close();
});

/** Whether there was an answer below 500. */
function ask(): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent }, (response) => {
      response.on('error', () => resolve(false));
      response.on('end', () => resolve((response.statusCode ?? 500) < 500));
      response.resume();
    });
    outgoing.on('error', () => resolve(false));
    outgoing.end();
  });
}
