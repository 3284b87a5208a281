/**
 * A load from a process of its own, for an engine in a network namespace of its own. Its options come as JSON in its
 * first argument. It answers every number on its stdin with one line, once so many more requests have passed; when
 * its stdin ends, it stops, and what came of the load is the last line of its output.
 */
import { createInterface } from 'node:readline';
import { type LoadOptions, startLoad } from '../load.ts';

const load = await startLoad(JSON.parse(process.argv[2] ?? '') as LoadOptions);
process.stdout.write('begun\n');
for await (const line of createInterface({ input: process.stdin })) {
  await load.pass(Number(line));
  process.stdout.write('passed\n');
}
process.stdout.write(`${JSON.stringify(await load.stop())}\n`);
