import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';

/** How many processes only compute while the tests run. The tests' own machine has two cores. */
const BUSY_LOOPS = 4;
const USAGE = 'Usage: node scripts/test-stressed.ts [times, 3 unless said] [arguments of npm test…]';

/** `pnpm test:stressed`: runs `npm test` three times with four busy loops. A test must not fail because it is slow. */
const [first = '3', ...rest] = process.argv.slice(2);
const times = /^\d+$/.test(first) ? Number(first) : 3;
const argv = /^\d+$/.test(first) ? rest : process.argv.slice(2);
if (argv.includes('--help')) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const loops = Array.from({ length: BUSY_LOOPS }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);
const endLoops = (): void => {
  for (const loop of loops) loop.kill('SIGKILL');
};
process.once('exit', endLoops);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const test = join(dirname(import.meta.dirname), 'scripts', 'test.mjs');
for (let run = 1; run <= times; run += 1) {
  const started = performance.now();
  const [status] = await once(spawn(process.execPath, [test, ...argv], { stdio: 'inherit' }), 'exit');
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`Run ${run} of ${times} beside ${BUSY_LOOPS} busy loops: status ${status}, ${seconds} s\n`);
  if (status !== 0) process.exit(1);
}
// They would keep this process alive.
endLoops();
