import { milliseconds } from '../milliseconds.ts';
import type { Figures } from '../scenario.ts';
import { percentile } from '../statistics.ts';
import { type LoadOptions, startLoad } from './start-load.ts';

/** As many clients as the bars are about. About a thousand requests a second, so that they leave the machine to the containers. */
const MANY = { clients: 32, pauseMs: 25 };
const WARM_UP_MS = 500;

/** Runs an act under load: its time, and what came of the requests that it overlapped. */
export async function underLoad(
  url: string,
  act: () => Promise<unknown>,
  clients: Omit<LoadOptions, 'url'> = MANY,
): Promise<Figures> {
  const load = await startLoad({ url, ...clients });
  let time: number;
  let started: number;
  let asked: Awaited<ReturnType<typeof load.stop>> = [];
  try {
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    started = Date.now();
    time = await milliseconds(act);
  } finally {
    asked = await load.stop();
  }
  const during = asked.filter((one) => one.started + one.tookMs >= started && one.started <= started + time);
  const took = during.map(({ tookMs }) => tookMs);
  return {
    time,
    lost: during.filter(({ answered }) => !answered).length,
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
    p999: percentile(took, 0.999),
    slowest: percentile(took, 1),
  };
}
