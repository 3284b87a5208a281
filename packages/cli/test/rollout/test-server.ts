/**
 * A small HTTP service for tests, run as `node -e`: it answers with its version, holds slow requests, and writes down
 * every POST it executes, so that one that was executed twice shows. `FAIL` makes it misbehave in one way.
 */
export const TEST_SERVER = `
const http = require('node:http');
const fs = require('node:fs');
const os = require('node:os');
const { VERSION = '1', FAIL = '' } = process.env;
if (FAIL === 'exit') { console.error('cannot find the meaning of it'); process.exit(3); }
const name = 'include-me-' + os.hostname() + '.txt';
const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const answer = (body) => { response.setHeader('content-type', 'application/json'); response.end(JSON.stringify(body)); };
  if (url.pathname === '/health') { response.statusCode = FAIL === 'unhealthy' ? 500 : 200; return answer({ version: VERSION }); }
  if (url.pathname === '/file') return answer({ file: name });
  if (url.pathname === '/slow') return setTimeout(() => answer({ version: VERSION, slow: true }), Number(url.searchParams.get('ms')));
  if (request.method === 'POST') {
    fs.appendFileSync('/history/posts', url.searchParams.get('id') + '\\n');
    request.resume();
    return request.on('end', () => answer({ version: VERSION }));
  }
  answer({ version: VERSION });
});
server.listen(Number(process.env.PORT || 3000), FAIL === 'localhost' ? '127.0.0.1' : '0.0.0.0', () => {
  console.log('version ' + VERSION + ' listens');
});
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;
