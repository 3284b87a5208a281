/**
 * A small HTTP service of which only one copy may run, run as `node -e`: it keeps what it was sent in SQLite on a
 * volume, and refuses to start beside another one. `FAIL=1` never becomes healthy; `GET /files` tells what it was given.
 */
export const STATE_SERVER = `
const http = require('node:http');
const fs = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const { VERSION = '1', FAIL = '' } = process.env;
const database = new DatabaseSync('/data/state.db');
database.exec('pragma locking_mode = exclusive');
database.exec('create table if not exists posts (id text)');
database.exec("insert into posts values ('start')");
const insert = database.prepare('insert into posts values (?)');
const all = database.prepare("select id from posts where id <> 'start'");
const describe = (path) => {
  const { mode, uid, gid } = fs.statSync(path);
  return { content: fs.readFileSync(path, 'utf8'), mode: (mode & 0o7777).toString(8), uid, gid };
};
const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const answer = (body) => { response.setHeader('content-type', 'application/json'); response.end(JSON.stringify(body)); };
  if (url.pathname === '/health') { response.statusCode = FAIL ? 500 : 200; return answer({}); }
  if (url.pathname === '/posts') return answer(all.all().map(({ id }) => id));
  if (url.pathname === '/files') return answer(url.searchParams.getAll('path').map(describe));
  if (request.method === 'POST') {
    request.resume();
    return request.on('end', () => { insert.run(url.searchParams.get('id')); answer({ version: VERSION }); });
  }
  answer({ version: VERSION });
});
server.listen(3000, '0.0.0.0');
process.on('SIGTERM', () => { server.close(() => { database.close(); process.exit(0); }); server.closeIdleConnections(); });
`;
