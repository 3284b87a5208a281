import type { LoadContainer } from './load-container.ts';

/** How requests are sent. */
export type Style = 'kept-alive' | 'fresh' | 'HTTP/2';

/** What a load generator did. */
export interface Rate {
  readonly requests: number;
  readonly perSecond: number;
}

const CLIENTS = 32;
/** HTTP/2: connections, and requests at the same time on each. */
const CONNECTIONS = 8;
const STREAMS = 4;

/** Sends as many requests as are answered, for some seconds. Rejects if any failed. */
export async function requestsPerSecond(
  load: LoadContainer,
  style: Style,
  url: string,
  seconds: number,
): Promise<Rate> {
  if (style === 'HTTP/2') {
    const argv = ['h2load', '-D', `${seconds}`, '-c', `${CONNECTIONS}`, '-m', `${STREAMS}`, '-t', '1', url];
    return parseH2load(await load.run(argv));
  }
  const closing = style === 'fresh' ? ['-H', 'Connection: close'] : [];
  return parseWrk(await load.run(['wrk', '-t', '1', '-c', `${CLIENTS}`, '-d', `${seconds}s`, ...closing, url]));
}

/** The report of wrk 4. Throws if requests failed. */
export function parseWrk(report: string): Rate {
  const words = report.split(/[\s,]+/);
  const requests = Number(words[words.indexOf('requests') - 1]);
  const perSecond = Number(words[words.indexOf('Requests/sec:') + 1]);
  if (!(requests > 0 && perSecond > 0) || /Socket errors|Non-2xx/.test(report))
    throw new Error(`wrk reports:\n${report}`);
  return { requests, perSecond };
}

/** The report of h2load. Throws if requests failed. */
export function parseH2load(report: string): Rate {
  const words = report.split(/[\s,]+/);
  const before = (word: string): number => Number(words[words.indexOf(word) - 1]);
  const [requests, perSecond] = [before('succeeded'), before('req/s')];
  if (!(requests > 0 && perSecond > 0) || before('failed') !== 0) throw new Error(`h2load reports:\n${report}`);
  return { requests, perSecond };
}
