import { parseArgs } from 'node:util';
import { againstRecord } from './against-record.ts';
import { openBench } from './bench.ts';
import { chooseScenarios } from './choose-scenarios.ts';
import { describeMachine } from './machine.ts';
import { readRecord } from './record.ts';
import type { Row } from './row.ts';
import { runScenarios } from './run-scenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import { textTable } from './table.ts';
import { writeDocs } from './write-docs.ts';

const USAGE = `Measures lobbie beside its rivals, in turn and in one run. Compare the ratios, not the seconds.

  pnpm bench [scenario…]

  --all             the large sizes too
  --short           one small size and few rounds, beside the committed ratios: what CI runs
  --rounds <n>      rounds of every scenario
  --json            all figures as JSON on stdout
  --write           writes the figures to docs/benchmarks.{json,md} and docs/benchmarks/
  --compose <path>  a Docker Compose, instead of \`docker compose\`

Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    compose: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await run();

/** The exit status: 1 if a scenario failed. No time fails a run. */
async function run(): Promise<number> {
  const scenarios = chooseScenarios(SCENARIOS, positionals);
  const rounds = roundsOf(values.rounds);
  const stop = new AbortController();
  const interrupted = (): void => {
    // The second time, nothing is waited for.
    if (stop.signal.aborted) process.exit(130);
    tell('Cleaning up. Press Ctrl-C again to leave everything as it is.');
    stop.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  const bench = await openBench({
    signal: stop.signal,
    short: values.short,
    tell,
    ...(values.compose !== undefined && { composePath: values.compose }),
  });
  const rows: Row[] = [];
  try {
    const machine = await describeMachine(bench);
    const { failed } = await runScenarios(bench, scenarios, {
      mode: values.short ? 'short' : values.all ? 'all' : 'normal',
      ...(rounds !== undefined && { rounds }),
      tell,
      found: (found) => {
        rows.push(...found);
        if (found.length > 0) tell(textTable(found));
      },
    });
    if (values.write) {
      const takenOn = new Date().toISOString().slice(0, 10);
      await writeDocs({ machine, rows: rows.map((row) => ({ ...row, takenOn })) });
    }
    if (values.json) console.log(JSON.stringify({ machine, rows, leftOut: Object.fromEntries(bench.leftOut) }));
    else await print(rows);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    if (rows.length > 0 && !values.json) await print(rows);
    return 130;
  } finally {
    await bench.close();
  }
}

async function print(rows: readonly Row[]): Promise<void> {
  console.log(`\n${textTable(rows)}`);
  const record = values.short ? await readRecord() : undefined;
  if (record !== undefined) console.log(`\n${againstRecord(rows, record)}`);
}

function roundsOf(option: string | undefined): number | undefined {
  if (option === undefined) return undefined;
  const rounds = Number(option);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${option}: expected a whole number from 1.`);
  return rounds;
}

function tell(words: string): void {
  process.stderr.write(`${words}\n`);
}
