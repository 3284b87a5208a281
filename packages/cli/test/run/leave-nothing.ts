import { randomBytes } from 'node:crypto';
import { connectTestEngine } from '../connect-test-engine.ts';
import { findLeftovers } from './find-leftovers.ts';
import { watchVolumes } from './watch-volumes.ts';

/** How long the engine may take to remove by itself what has ended: a lease ends after 15 s of silence. */
const SETTLING_MS = 120_000;

/**
 * Set-up of a run: gives it its name. The function it returns runs after all tests: it removes what they left on the
 * engine, and fails the run with the names of it.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.LOBBIE_ENGINE_SKIP || process.env.LOBBIE_TEST_RUN) return undefined;
  process.env.LOBBIE_TEST_RUN = randomBytes(3).toString('hex');
  const engine = await connectTestEngine();
  const volumes = await watchVolumes(engine, `t-${process.env.LOBBIE_TEST_RUN}-`);
  return async () => {
    try {
      const until = Date.now() + SETTLING_MS;
      let left = await findLeftovers(engine, volumes.seen);
      while (left.some(({ passing }) => passing) && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        left = await findLeftovers(engine, volumes.seen);
      }
      for (const { remove } of left) await remove();
      if (left.length === 0) return;
      const names = left.map(({ kind, name }) => `  ${kind} ${name}`).join('\n');
      const failure = new Error(`The tests left on the engine (removed now):\n${names}`);
      // Who threw it is nobody's question.
      failure.stack = failure.message;
      throw failure;
    } finally {
      volumes.close();
      engine.close();
    }
  };
}
