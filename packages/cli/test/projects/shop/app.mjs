// Counts its requests in Redis: /catalog and /cart answer who answered, and how often.
import { createServer } from 'node:http';
import { connect } from 'node:net';

const { SERVICE, VERSION, BROKEN, HOSTNAME } = process.env;

if (process.argv[2] === 'check') {
  const answer = await fetch('http://127.0.0.1:8000/health').catch(() => ({ ok: false }));
  process.exit(answer.ok ? 0 : 1);
}

/** One command of Redis's protocol, and its one-line answer. */
const redis = (command) =>
  new Promise((resolve, reject) => {
    const socket = connect(6379, 'redis', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (line) => {
      resolve(line.toString().trim().slice(1));
      socket.destroy();
    });
  });

const server = createServer(async (request, response) => {
  if (request.url === '/health') {
    if (BROKEN) process.exit(1);
    response.end(`${SERVICE}\n`);
    return;
  }
  try {
    const count = await redis(`INCR ${SERVICE}`);
    response.end(`${SERVICE} ${VERSION} ${count} ${HOSTNAME}\n`);
  } catch (error) {
    response.writeHead(503).end(`${error.message}\n`);
  }
}).listen(8000);

process.once('SIGTERM', () => server.close());
