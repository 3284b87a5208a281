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
  const [, requests] = /^\s*(\d+) requests in /m.exec(report) ?? [];
  const [, perSecond] = /^Requests\/sec:\s*([\d.]+)/m.exec(report) ?? [];
  if (requests === undefined || perSecond === undefined || /Socket errors|Non-2xx/.test(report))
    throw new Error(`wrk reports:\n${report}`);
  return { requests: Number(requests), perSecond: Number(perSecond) };
}

/** The report of h2load. Throws if requests failed. */
export function parseH2load(report: string): Rate {
  const [, perSecond] = /^finished in .*?, ([\d.]+) req\/s/m.exec(report) ?? [];
  const [, succeeded, failed] = /(\d+) succeeded, (\d+) failed/.exec(report) ?? [];
  if (perSecond === undefined || succeeded === undefined || failed !== '0')
    throw new Error(`h2load reports:\n${report}`);
  return { requests: Number(succeeded), perSecond: Number(perSecond) };
}
