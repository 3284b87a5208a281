import { expect, it } from 'vitest';
import { askedByHealthcheck } from '../../../src/rollout/gate/healthcheck.ts';

const askedBy = (...test: string[]) =>
  askedByHealthcheck({ test, intervalMs: 1, timeoutMs: 1, retries: 1, startPeriodMs: 1 }, 'web').map(
    ({ scheme, port }) => `${scheme} ${port}`,
  );

it.each([
  [['CMD', 'curl', '-f', 'http://localhost:3000/health'], ['http 3000']],
  [['CMD-SHELL', 'wget -qO- http://127.0.0.1/ || exit 1'], ['http 80']],
  [['CMD', 'node', '-e', "fetch('http://[::1]:8080').then(({ ok }) => process.exit(ok ? 0 : 1))"], ['http 8080']],
  [['CMD-SHELL', 'curl http://0.0.0.0:3000?full=1'], ['http 3000']],
  [
    ['CMD-SHELL', 'curl http://web:80 && curl http://web:81'],
    ['http 80', 'http 81'],
  ],
  [['CMD', 'curl', '-f', 'localhost:3000/health'], ['http 3000']],
  [['CMD-SHELL', 'curl localhost || exit 1'], ['http 80']],
  [['CMD-SHELL', 'wget -q --spider "127.0.0.1:8080"'], ['http 8080']],
  [['CMD-SHELL', 'curl -k https://localhost:8443/'], ['https 8443']],
  [['CMD-SHELL', 'curl -k https://localhost'], ['https 443']],
])('finds the ports that %j asks', (test, ports) => {
  expect(askedBy(...test)).toEqual(ports);
});

it.each([
  ['another service', ['CMD', 'curl', 'http://auth:3000/health']],
  ['a host whose name begins alike', ['CMD', 'curl', 'http://localhost.example.com:3000']],
  ['a port that only the shell knows', ['CMD-SHELL', 'curl -f http://localhost:$PORT/health']],
  ['a port that only the program knows', ['CMD', 'node', '-e', "fetch('http://localhost:' + process.env.PORT)"]],
  ['another program', ['CMD-SHELL', 'pg_isready -h localhost -p 5432']],
  ['another program after curl', ['CMD-SHELL', 'curl --version | nc localhost:25']],
  ['a proxy on its own port', ['CMD', 'curl', '--socks5-hostname', 'localhost:9050', 'https://example.com']],
  ['another host through a proxy', ['CMD-SHELL', 'curl -sf -x localhost:8118 http://example.com || exit 1']],
  ['a Unix socket', ['CMD', 'curl', '--unix-socket', '/run/app.sock', 'http://localhost/health']],
  ['none', ['NONE']],
])('finds no port of the container where the healthcheck asks %s', (_, test) => {
  expect(askedBy(...test)).toEqual([]);
});

it('finds none where there is no healthcheck', () => {
  expect(askedByHealthcheck(undefined, 'web')).toEqual([]);
});
