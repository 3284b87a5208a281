/**
 * Runs one phase of the first run and prints one line for it: its name, its result and its seconds. While it runs,
 * prints a line every 20 s.
 */
export async function phase<T>(name: string, run: () => Promise<{ value: T; outcome: string }>): Promise<T> {
  const started = performance.now();
  const alive = setInterval(() => {
    process.stderr.write(`  ${name.padEnd(10)} still running, ${Math.round((performance.now() - started) / 1000)} s\n`);
  }, 20_000);
  const { value, outcome } = await run().finally(() => clearInterval(alive));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`  ${name.padEnd(10)} ${outcome.padEnd(58)} ${seconds.padStart(6)} s\n`);
  return value;
}
