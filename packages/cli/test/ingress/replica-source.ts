/**
 * A replica for tests, as one script for `node -e`. It answers with its host name.
 *
 * - `?sleep=` waits so many ms before the answer, and `/held` until `/release` is asked.
 * - `/first` gets no answer from the first process of its container, and one at once from those after a restart.
 * - `/drop`, `/cut`, `/fail` and `/die` misbehave as they say.
 * - `/large` answers with `?headers=` headers and one of `?bytes=`, and `/upload` with the number of bytes it got.
 * - `/events` sends an event at once and then every `?every=` ms. A WebSocket gets its bytes back.
 * - ONCE takes one request from each connection, and closes it at the next one as if it had just become idle for too long.
 * - IDLE_MS closes a connection that has been idle for so long.
 * - LOG_POSTS prints the `?id=` of each POST, and LOG_DROPS the method of each `/drop`.
 * - TCP_PORT greets its clients and echoes. HTTP2_PORT speaks HTTP/2 without TLS. PROXY_PORT answers with all that it
 *   got, in hexadecimal. TLS_PORT speaks TLS with a key of its own. LINE_PORT answers lines.
 */
export const REPLICA_SOURCE = `
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const held = [];
const restarted = fs.existsSync('/tmp/started');
fs.writeFileSync('/tmp/started', '');
const server = http.createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
  if (process.env.ONCE && request.socket.used) return request.socket.destroy();
  request.socket.used = true;
  const url = new URL(request.url, 'http://replica');
  const id = url.searchParams.get('id');
  if (request.method === 'POST' && id && process.env.LOG_POSTS) process.stdout.write(id + '\\n');
  const answer = () => response.end(os.hostname());
  const routes = {
    '/large': () => {
      for (let at = 0; at < Number(url.searchParams.get('headers')); at++) response.setHeader('x-' + at, 'v');
      response.setHeader('x-large', 'v'.repeat(Number(url.searchParams.get('bytes'))));
      answer();
    },
    '/headers': () => response.end(JSON.stringify(request.headers)),
    '/fail': () => { response.statusCode = 500; response.end('failed'); },
    '/drop': () => {
      if (process.env.LOG_DROPS) process.stdout.write(request.method + '\\n');
      request.socket.destroy();
    },
    '/cut': () => { response.writeHead(200, { 'content-length': 100 }); response.write('half'); setTimeout(() => response.destroy(), 20); },
    '/die': () => process.exit(1),
    '/held': () => held.push(answer),
    '/first': () => { if (restarted) answer(); },
    '/release': () => { for (const one of held.splice(0)) one(); answer(); },
    '/events': () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 0\\n\\n');
      const every = Number(url.searchParams.get('every'));
      const timer = every > 0 ? setInterval(() => response.write('data: 1\\n\\n'), every) : undefined;
      response.on('close', () => clearInterval(timer));
    },
    '/upload': () => {
      let bytes = 0;
      request.on('data', (chunk) => { bytes += chunk.length; });
      request.on('end', () => response.end(String(bytes)));
    },
  };
  if (routes[url.pathname]) return routes[url.pathname]();
  request.resume();
  request.on('end', () => {
    const ms = Number(url.searchParams.get('sleep') ?? 0);
    if (ms > 0) setTimeout(answer, ms); else answer();
  });
});
server.keepAliveTimeout = Number(process.env.IDLE_MS ?? 65000);
server.keepAliveTimeoutBuffer = 0;
server.on('upgrade', (request, socket) => {
  const accept = crypto.createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept.digest('base64') + '\\r\\n\\r\\n');
  socket.on('error', () => {}).pipe(socket);
});
server.listen(3000, '0.0.0.0');
if (process.env.TCP_PORT) net.createServer((socket) => { socket.write('hello from ' + os.hostname() + '\\n'); socket.on('error', () => {}).pipe(socket); }).listen(process.env.TCP_PORT, '0.0.0.0');
if (process.env.HTTP2_PORT) require('node:http2').createServer().on('stream', (stream) => {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'ok' })).on('error', () => {});
  stream.respond({ ':status': 200, 'x-http-version': '2.0' }, { waitForTrailers: true });
  stream.end('two');
}).listen(process.env.HTTP2_PORT, '0.0.0.0');
if (process.env.LINE_PORT) net.createServer((socket) => socket.on('error', () => {}).on('data', (line) => socket.write(String(line).trim() === 'PING' ? '+PONG\\r\\n' : '-ERR\\r\\n'))).listen(process.env.LINE_PORT, '0.0.0.0');
if (process.env.TLS_PORT) require('node:tls').createServer({
  ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', pskCallback: () => Buffer.from('74657374', 'hex'),
}, (socket) => socket.on('error', () => {}).end('over TLS')).on('tlsClientError', () => {}).listen(process.env.TLS_PORT, '0.0.0.0');
if (process.env.PROXY_PORT) net.createServer({ allowHalfOpen: true }, (socket) => {
  const chunks = [];
  socket.on('error', () => {}).on('data', (chunk) => chunks.push(chunk)).on('end', () => socket.end(Buffer.concat(chunks).toString('hex')));
}).listen(process.env.PROXY_PORT, '0.0.0.0');
if (process.env.SECOND_PORT) http.createServer((request, response) => response.end('second')).listen(process.env.SECOND_PORT, '0.0.0.0');
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;
