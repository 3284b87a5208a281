// One of two applications that call each other. Both keep rows in PostgreSQL.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { sql } from './database.mjs';

const { SERVICE, VERSION, NEIGHBOUR } = process.env;

if (process.argv[2] === 'check') {
  const answer = await fetch('http://127.0.0.1:8000/part').catch(() => ({ ok: false }));
  process.exit(answer.ok ? 0 : 1);
}

const part = () => `${SERVICE} ${VERSION}`;
const answers = {
  'GET /part': part,
  'GET /': async () => {
    const answer = await fetch(`${NEIGHBOUR}/part`);
    if (!answer.ok) throw new Error(`${NEIGHBOUR} answered ${answer.status}`);
    return `${part()}, ${await answer.text()}, ${await sql('SELECT 1')}`;
  },
  'POST /': async (id) => sql(`INSERT INTO rows (id) VALUES ('${id}') RETURNING id`),
  'GET /rows': () => sql('SELECT count(*) FROM rows'),
  'GET /done': () => sql('SELECT count(*) FROM rows WHERE done'),
  // By a connection of its own.
  'GET /fresh': async () => (await promisify(execFile)('psql', ['-tAqc', 'SELECT 1'])).stdout.trim(),
};

// Both applications may start at once: the second one finds the table.
await sql('CREATE TABLE IF NOT EXISTS rows (id text PRIMARY KEY, done boolean NOT NULL DEFAULT false)').catch(
  () => undefined,
);

const server = createServer(async (request, response) => {
  request.resume();
  const { pathname, searchParams } = new URL(request.url, 'http://app');
  const answer = answers[`${request.method} ${pathname}`];
  const id = searchParams.get('id') ?? '';
  if (answer === undefined || (request.method === 'POST' && !/^[\w-]{1,64}$/.test(id))) {
    response.writeHead(404).end();
    return;
  }
  try {
    response.end(await answer(id));
  } catch (error) {
    const reason = `${error.message} ${error.cause ?? ''}`;
    process.stderr.write(`${reason}\n`);
    response.writeHead(503).end(`later: ${reason}\n`);
  }
}).listen(8000);

process.once('SIGTERM', () => server.close(() => process.exit(0)));
