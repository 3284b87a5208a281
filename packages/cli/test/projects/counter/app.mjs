// Counts every request in SQLite. A second instance on the same volume would be refused: the database is locked.
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';

const { VERSION, BROKEN, HOSTNAME } = process.env;
const database = new DatabaseSync('/state/counter.db');
database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS hits (id TEXT)');
database.exec("INSERT INTO hits VALUES ('start')");
const insert = database.prepare('INSERT INTO hits VALUES (?)');
const count = database.prepare("SELECT count(*) AS hits FROM hits WHERE id <> 'start'");

const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.writeHead(BROKEN ? 500 : 200).end('ok\n');
    return;
  }
  insert.run(new URL(request.url, 'http://counter').searchParams.get('id') ?? '');
  response.end(`counter ${VERSION} ${count.get().hits} ${HOSTNAME}\n`);
}).listen(8000);

process.once('SIGTERM', () => server.close(() => database.close()));
