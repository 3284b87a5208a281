/**
 * A replica for tests, as one script for `node -e`: answers with its host name, waits `?sleep=` ms before it does, and
 * prints every `?id=` that a POST brings when LOG_POSTS is set. `/drop`, `/cut`, `/fail` and `/die` misbehave as they say.
 */
export const REPLICA_SOURCE = `
const http = require('node:http');
const os = require('node:os');
const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://replica');
  const id = url.searchParams.get('id');
  if (request.method === 'POST' && id && process.env.LOG_POSTS) process.stdout.write(id + '\\n');
  const answer = () => response.end(os.hostname());
  const routes = {
    '/headers': () => response.end(JSON.stringify(request.headers)),
    '/fail': () => { response.statusCode = 500; response.end('failed'); },
    '/drop': () => request.socket.destroy(),
    '/cut': () => { response.writeHead(200, { 'content-length': 100 }); response.write('half'); setTimeout(() => response.destroy(), 20); },
    '/die': () => process.exit(1),
  };
  if (routes[url.pathname]) return routes[url.pathname]();
  request.resume();
  request.on('end', () => {
    const ms = Number(url.searchParams.get('sleep') ?? 0);
    if (ms > 0) setTimeout(answer, ms); else answer();
  });
});
server.keepAliveTimeout = 65000;
server.listen(3000, '0.0.0.0');
if (process.env.SECOND_PORT) http.createServer((request, response) => response.end('second')).listen(process.env.SECOND_PORT, '0.0.0.0');
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;
