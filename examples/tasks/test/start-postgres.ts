import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL of a test's own, which may do to it what it likes. */
export interface OwnPostgres extends AsyncDisposable {
  readonly env: Readonly<Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGPASSWORD', string>>;
  /** A directory that the server can write in. */
  readonly home: string;
  start(): Promise<void>;
  /** Ends it: `fast` as a restart does, `immediate` as a crash does. Resolves when it is gone. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Lets it fall silent: its port accepts connections, and nobody answers. */
  freeze(): void;
  thaw(): void;
}

const AS_ROOT = process.getuid?.() === 0;

/** Where Debian and its relatives keep the server; undefined where it is not installed. */
export const postgresPrograms = (): string | undefined =>
  (existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((directory) => existsSync(`${directory}/initdb`));

/** Makes a database cluster in a temporary directory and starts it on a free port of the loopback. */
export async function startPostgres(programs: string): Promise<OwnPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'tasks-postgres-'));
  const cluster = join(home, 'cluster');
  const port = await freePort();
  // The server refuses to run as root. It ends with the tests, however they end.
  const as = ['--pdeathsig=QUIT', ...(AS_ROOT ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : [])];
  if (AS_ROOT) execFileSync('chown', ['postgres:postgres', home]);
  chmodSync(home, 0o755);
  const initdb = [`${programs}/initdb`, '--no-sync', '--username=tasks', '--auth=trust', '--locale=C.UTF-8'];
  execFileSync('setpriv', [...as, ...initdb, cluster], { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 50,
    shared_buffers: '16MB',
  };
  const server = [
    `${programs}/postgres`,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ];
  const env = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'tasks', PGPASSWORD: 'sentinel-password' };
  let child: ChildProcess | undefined;
  const postgres: OwnPostgres = {
    env,
    home,
    start: async () => {
      for (;;) {
        child = spawn('setpriv', [...as, ...server], { cwd: home, stdio: 'ignore' });
        if (await answers(child, env)) return;
        // After a crash the old one's shared memory may be in use for a moment.
        await sleep(100);
      }
    },
    stop: async (how) => {
      if (child === undefined || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await gone;
    },
    freeze: () => signalAll(child, 'SIGSTOP'),
    thaw: () => signalAll(child, 'SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      postgres.thaw();
      await postgres.stop('immediate');
      rmSync(home, { recursive: true, force: true });
    },
  };
  await postgres.start();
  return postgres;
}

/** Whether it serves; false once it has ended. */
async function answers(child: ChildProcess, env: OwnPostgres['env']): Promise<boolean> {
  while (child.exitCode === null) {
    const client = new pg.Client({
      host: env.PGHOST,
      port: Number(env.PGPORT),
      user: env.PGUSER,
      database: 'postgres',
    });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await sleep(25);
    }
  }
  return false;
}

/** The server and its processes: each connection has one, in a process group of its own. */
function signalAll(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null) return;
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  child.kill(signal);
  for (const pid of children.filter(Boolean).map(Number)) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // A connection may have ended since the list was read.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('unreachable: it listens on TCP');
  return address.port;
}
