import { homedir } from 'node:os';
import { connectEngine } from '../packages/cli/src/engine/connect-engine.ts';
import { realClock } from '../packages/cli/src/real-clock.ts';
import { setupIngress } from '../packages/cli/test/ingress/setup-ingress.ts';
import { startLoad } from '../packages/cli/test/load.ts';
import { readBaseImages } from './read-base-images.ts';

// Looks for a rare race: requests lost while replicas are attached to an ingress and taken out again. It continues
// until both numbers are reached, reports lost requests, and exits with 1 if there are any:
//
//   pnpm race [attachments] [requests]
//
// Ctrl-C ends it early, with the results so far.

const [attachments = 300, requests = 1_000_000] = process.argv.slice(2).map(Number);
Object.assign(process.env, await readBaseImages());
let isInterrupted = false;
process.once('SIGINT', () => {
  isInterrupted = true;
});
const engine = await connectEngine({
  clock: realClock,
  env: process.env,
  homeDirectory: homedir(),
  platform: process.platform,
});
let lost: number;
try {
  lost = await race();
} finally {
  engine.close();
}
process.exitCode = lost === 0 ? 0 : 1;

async function race(): Promise<number> {
  await using setup = await setupIngress(engine);
  const [first, ...others] = await Promise.all(
    ['a', 'b', 'c'].map((name) => setup.startReplica(name, { LOG_POSTS: '1' })),
  );
  if (first === undefined) throw new Error('three replicas were started');
  await setup.ingress.admit(first.container, first.addresses);
  const load = await startLoad({ url: `${setup.url()}/`, keepAlive: 24, fresh: 4, connectionClose: 4, posts: 0.3 });
  let attached = 0;
  while (!isInterrupted && (attached < attachments || load.answered < requests)) {
    await Promise.all(others.map(({ container, addresses }) => setup.ingress.admit(container, addresses)));
    // It has connections in use when it is taken out.
    await load.pass(50);
    await Promise.all(others.map(({ container }) => setup.ingress.drain(container, { timeoutMs: 300_000 })));
    await Promise.all(others.map(({ container }) => setup.ingress.free(container)));
    attached += others.length;
    if (attached % 100 === 0) process.stderr.write(`${attached} attachments, ${load.answered} requests\n`);
  }
  const { total, failed, failures, posts, slowestMs, seconds } = await load.stop();
  const executed = new Map<string, number>();
  for (const { container } of [first, ...others])
    for await (const { text } of engine.logs(container, {})) executed.set(text, (executed.get(text) ?? 0) + 1);
  const twice = [...executed].filter(([, times]) => times > 1).map(([id]) => id);
  const missing = posts.answered.filter((id) => !executed.has(id));
  const wrong = { failures, twice: twice.slice(0, 20), missing: missing.slice(0, 20) };
  const facts = { attached, total, posts: posts.sent.length, failed, twice: twice.length, missing: missing.length };
  process.stdout.write(`${JSON.stringify({ ...facts, slowestMs, seconds: Math.round(seconds) })}\n`);
  const sum = failed + twice.length + missing.length;
  if (sum > 0) process.stdout.write(`${JSON.stringify(wrong, null, 2)}\n`);
  return sum;
}
