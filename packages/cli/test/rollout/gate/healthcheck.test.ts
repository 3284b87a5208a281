import { expect, it } from 'vitest';
import { httpChecked } from '../../../src/rollout/gate/healthcheck.ts';

const portsOf = (...test: string[]) => httpChecked({ test, intervalMs: 1, timeoutMs: 1, retries: 1, startPeriodMs: 1 });

it.each([
  [['CMD', 'curl', '-f', 'http://localhost:3000/health'], [3000]],
  [['CMD-SHELL', 'wget -qO- http://127.0.0.1/ || exit 1'], [80]],
  [['CMD', 'node', '-e', "fetch('http://[::1]:8080').then(({ ok }) => process.exit(ok ? 0 : 1))"], [8080]],
  [
    ['CMD-SHELL', 'curl http://web:80 && curl http://web:81'],
    [80, 81],
  ],
  [['CMD-SHELL', 'pg_isready -h localhost -p 5432'], []],
  [['CMD-SHELL', 'curl -k https://localhost:8443/'], []],
  [['NONE'], []],
])('finds the ports that %j asks over HTTP', (test, ports) => {
  expect(portsOf(...test)).toEqual(ports);
});

it('finds none where there is no healthcheck', () => {
  expect(httpChecked(undefined)).toEqual([]);
});
