import { parseArgs } from 'node:util';
import { openBench } from './bench.ts';
import { chooseScenarios } from './choose-scenarios.ts';
import type { Row } from './row.ts';
import { runScenarios } from './run-scenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import { textTable } from './table.ts';

const USAGE = `Measures lobbie beside its rivals, in turn and in one run. Compare the ratios.

  pnpm bench [scenario…]

  --short           one small size, two rounds: what CI runs
  --all             the large sizes too
  --rounds <n>      rounds of every scenario
  --json            all figures as JSON on stdout
  --compose <path>  a Docker Compose, instead of \`docker compose\`

Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
    compose: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await run();

async function run(): Promise<number> {
  const stop = new AbortController();
  const interrupted = (): void => {
    // The second time nothing is waited for.
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
    const { failed } = await runScenarios(bench, chooseScenarios(SCENARIOS, positionals), {
      mode: values.short ? 'short' : values.all ? 'all' : 'normal',
      ...(values.rounds !== undefined && { rounds: Number(values.rounds) }),
      tell,
      found: (found) => {
        rows.push(...found);
        if (found.length > 0) tell(textTable(found));
      },
    });
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return 130;
  } finally {
    await bench.close();
    console.log(values.json ? JSON.stringify({ rows, leftOut: Object.fromEntries(bench.leftOut) }) : textTable(rows));
  }
}

function tell(words: string): void {
  process.stderr.write(`${words}\n`);
}
