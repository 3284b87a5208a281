import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { fuzzApi } from '../fuzz-api.ts';

const DOCUMENT = { paths: { '/task/{id}': { get: {}, put: {} } } };

it.each([
  [
    'finds nothing wrong with errors in their one form',
    404,
    'application/json',
    '{"error":"Nothing here."}',
    undefined,
  ],
  ['finds what breaks', 500, 'application/json', '{"error":"Oh."}', 'status 500: {"error":"Oh."}'],
  ['finds another content type', 400, 'text/html', '<h1>Bad</h1>', 'status 400 as text/html: <h1>Bad</h1>'],
  [
    'finds another form',
    400,
    'application/json',
    '{"message":"Bad"}',
    'status 400 without an error: {"message":"Bad"}',
  ],
])('%s', async (_title, status, type, body, complaint) => {
  const seen = new Set<string>();
  await using service = await testService((request, response) => {
    const isDocument = request.url === '/openapi.json';
    seen.add(request.method ?? '');
    response.writeHead(isDocument ? 200 : status, { 'content-type': type });
    response.end(isDocument ? JSON.stringify(DOCUMENT) : body);
  });
  const wrong = await fuzzApi(service.url, { requests: 60, headers: {}, seed: 1 });
  // Answers to HEAD have no body to show.
  const told = wrong.filter((text) => !text.startsWith('HEAD ')).map((text) => text.replace(/^\S+ \S+ /, ''));
  expect(new Set(told)).toEqual(new Set(complaint ? [complaint] : []));
  expect(seen.size).toBeGreaterThan(4);
});

async function testService(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The cast: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
