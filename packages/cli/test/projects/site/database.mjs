// A connection to PostgreSQL that stays open: one psql, which gets its queries one after the other.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const END = '-- end of the answer';
const OPTIONS = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1'];
let current;

/** Runs one line of SQL and gives its first value. Rejects when the connection is lost; the next call opens another. */
export const sql = (line) =>
  new Promise((resolve, reject) => {
    current ??= open();
    current.waiting.push({ resolve, reject, rows: [] });
    current.psql.stdin.write(`${line};\n\\echo ${END}\n`);
  });

function open() {
  const psql = spawn('psql', OPTIONS, { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = { psql, waiting: [] };
  psql.stdin.on('error', () => {});
  createInterface({ input: psql.stdout }).on('line', (line) => {
    if (line !== END) connection.waiting[0]?.rows.push(line);
    else {
      const { resolve, rows } = connection.waiting.shift();
      resolve(rows[0] ?? '');
    }
  });
  psql.on('close', () => {
    if (current === connection) current = undefined;
    for (const { reject } of connection.waiting) reject(new Error('the connection to the database is lost'));
  });
  return connection;
}
