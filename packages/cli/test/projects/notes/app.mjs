// Keeps the id of every POST in PostgreSQL, through psql: one process a request is slow, and needs no library.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';

const sql = (text) =>
  new Promise((resolve, reject) => {
    execFile('psql', ['--tuples-only', '--no-align', '--quiet', '--command', text], (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    );
  });

const answers = {
  'GET /health': () => sql('SELECT 1'),
  'GET /notes': () => sql('SELECT count(*) FROM notes'),
  'GET /': async () => `notes ${process.env.LOG_LEVEL} ${process.env.HOSTNAME}`,
  'POST /notes': (id) => sql(`INSERT INTO notes (id) VALUES ('${id}') RETURNING id`),
};

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://notes');
  const answer = answers[`${request.method} ${pathname}`];
  const id = searchParams.get('id') ?? '';
  if (answer === undefined || (request.method === 'POST' && !/^[\w-]{1,64}$/.test(id))) {
    response.writeHead(404).end();
    return;
  }
  try {
    response.end(`${await answer(id)}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    response.writeHead(503).end('no database\n');
  }
}).listen(8000);

process.once('SIGTERM', () => server.close());
