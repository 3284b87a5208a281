import { expect, it } from 'vitest';
import { parseH2load, parseWrk } from '../../bench/load/requests-per-second.ts';

const WRK = `Running 3s test @ http://127.0.0.1:3000/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.02ms    1.00ms  14.00ms   90.00%
  46938 requests in 3.00s, 3.50MB read
Requests/sec:  15646.21
Transfer/sec:      1.17MB
`;
const H2LOAD = `finished in 3.00s, 16789.33 req/s, 1.1MB/s
requests: 50368 total, 50368 started, 50368 done, 50368 succeeded, 0 failed, 0 errored, 0 timeout
`;

it('reads the report of wrk, and refuses one with failed requests', () => {
  expect(parseWrk(WRK)).toEqual({ requests: 46_938, perSecond: 15_646.21 });
  expect(() => parseWrk(`${WRK}  Socket errors: connect 0, read 3, write 0, timeout 0`)).toThrow('read 3');
  expect(() => parseWrk('unable to connect')).toThrow('unable to connect');
});

it('reads the report of h2load, and refuses one with failed requests', () => {
  expect(parseH2load(H2LOAD)).toEqual({ requests: 50_368, perSecond: 16_789.33 });
  expect(() => parseH2load(H2LOAD.replace('0 failed', '2 failed'))).toThrow('2 failed');
  expect(() => parseH2load('')).toThrow('h2load reports');
});
