import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { milliseconds } from '../milliseconds.ts';
import { type Contestant, LOBBIE, type Scenario } from '../scenario.ts';
import { type Histories, histories } from '../stages/histories.ts';
import { type Server, startApi } from '../start-api.ts';
import { percentile } from '../statistics.ts';
import { timed, timeWith } from '../timed.ts';

const PAGE = '/files?limit=1000';
const ASKED = 100;
const THOUSAND = 'of 1,000 entries';
const READDIR = 'readdir and lstat';
const sizes = { sizes: [100, 1000, 10_000, 100_000], largeSizes: [1_000_000] };

/** A page of the listing once it is known. */
export const filesPage: Scenario<Histories> = {
  name: 'files-page',
  title: 'a page of `GET /files`',
  sizeOf: 'entries',
  ...sizes,
  rounds: 5,
  metrics: [timeWith({ against: THOUSAND, limit: 1.2, sizes: [1_000_000] })],
  stage: histories,
  contestants: (bench, { history, small }) => [askPages(bench, LOBBIE, history), askPages(bench, THOUSAND, small)],
};

/** The first page after a start, when the directory has not been read yet. */
export const filesFirst: Scenario<Histories> = {
  name: 'files-first',
  title: 'first read of `GET /files`',
  sizeOf: 'entries',
  ...sizes,
  rounds: 3,
  metrics: [timeWith({ against: LOBBIE, limit: 2000, sizes: [1_000_000] })],
  stage: histories,
  contestants: (bench, { history }) => {
    let server: Server | undefined;
    return [
      {
        name: LOBBIE,
        before: async () => {
          server = await startApi(bench, history);
        },
        measure: async () => {
          const time = await milliseconds(() => getPage(server));
          await server?.stop();
          return { time };
        },
      },
      timed(READDIR, () => readAll(history)),
    ];
  },
};

/** The API stays up between the rounds: its listing is known. */
function askPages(bench: Bench, name: string, history: string): Contestant {
  let server: Server | undefined;
  return {
    name,
    before: async () => {
      server ??= await startApi(bench, history);
      await getPage(server);
    },
    measure: async () => {
      const times: number[] = [];
      for (let asked = 0; asked < ASKED; asked += 1) times.push(await milliseconds(() => getPage(server)));
      return { time: percentile(times, 0.5) };
    },
  };
}

async function getPage(server: Server | undefined): Promise<void> {
  const answer = await fetch(`${server?.url}${PAGE}`);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${PAGE} answered ${answer.status}.`);
}

async function readAll(history: string): Promise<void> {
  for (const name of await readdir(history)) lstatSync(join(history, name));
}
