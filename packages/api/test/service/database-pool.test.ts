import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { databaseShape, readPassword } from '../../src/service/database-config.ts';
import { openDatabasePool } from '../../src/service/database-pool.ts';
import { parseConfig } from '../../src/service/parse-config.ts';

// What a real server does when it fails is tested where there is one: in examples/tasks.
const env = {
  PGHOST: '127.0.0.1',
  PGDATABASE: 'app',
  PGUSER: 'app',
  PGPASSWORD: 'sentinel',
  DATABASE_TIMEOUT_MS: '100',
};

/** Messages of PostgreSQL's protocol: AuthenticationOk and ReadyForQuery; ErrorResponse of a server that shuts down. */
const READY = 'R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I';
const FAREWELL = 'E\0\0\0\x1eSFATAL\0C57P01\0Mending...\0\0';

describe('the configuration of a database', () => {
  it('names what is missing', () => {
    expect(() => parseConfig(databaseShape, {})).toThrow(
      'PGHOST: is missing; PGDATABASE: is missing; PGUSER: is missing',
    );
  });

  it('asks for a password, and never shows it', async () => {
    const { PGPASSWORD: _, ...without } = env;
    const config = parseConfig(databaseShape, without);
    await expect(openDatabasePool(config, () => {})).rejects.toThrow(
      'PGPASSWORD: is missing, and so is PGPASSWORD_FILE',
    );
    expect(() => parseConfig(databaseShape, { ...env, PGPORT: 'sentinel' })).toThrow(
      /^PGPORT: expected a whole number/,
    );
  });

  it('reads a password from a file, each time, without the end of its line', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'database-config-'));
    const path = join(directory, 'password');
    const config = parseConfig(databaseShape, { ...env, PGPASSWORD_FILE: path });
    await expect(readPassword(config)).rejects.toThrow('PGPASSWORD_FILE: it cannot be read: ENOENT');
    writeFileSync(path, ' first \r\n');
    expect(await readPassword(config)).toBe(' first ');
    writeFileSync(path, 'second');
    expect(await readPassword(config)).toBe('second');
    writeFileSync(path, '\n');
    await expect(readPassword(config)).rejects.toThrow('PGPASSWORD_FILE: it is empty');
    rmSync(directory, { recursive: true });
  });
});

describe('a pool of connections', () => {
  it.each([
    ['accepts and says nothing', () => {}],
    ['closes at once', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['speaks another protocol', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('rejects, and never hangs, when the server %s', async (_what, onConnection) => {
    await using server = await listen(onConnection);
    const pool = await openDatabasePool(parseConfig(databaseShape, { ...env, PGPORT: server.port }), () => {});
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => pool.connect()));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { statusCode: 503, message: 'The database cannot be reached.' } });
    await vi.waitFor(() => expect(pool.counts).toEqual({ total: 0, idle: 0, waiting: 0 }), 300_000);
    await pool.end();
  });

  it('rejects when nobody listens, and needs nobody before its first use', async () => {
    const pool = await openDatabasePool(parseConfig(databaseShape, { ...env, PGPORT: '1' }), () => {});
    await expect(pool.connect()).rejects.toMatchObject({ statusCode: 503 });
    await pool.end();
  });

  it('never lends a connection again that has fallen silent', async () => {
    let connections = 0;
    await using server = await listen((socket) => {
      connections += 1;
      // The query that comes then stays without an answer.
      socket.once('data', () => socket.write(Buffer.from(READY, 'latin1')));
    });
    // Longer than a busy machine needs to connect, and each query is silent for as long.
    const slow = { PGPORT: server.port, DATABASE_POOL_SIZE: '1', DATABASE_TIMEOUT_MS: '2000' };
    const pool = await openDatabasePool(parseConfig(databaseShape, { ...env, ...slow }), () => {});
    for (const nth of [1, 2, 3]) {
      const client = await pool.connect();
      await expect(client.query('select 1', [])).rejects.toMatchObject({ statusCode: 503 });
      client.release();
      expect([nth, connections]).toEqual([nth, nth]);
    }
    await pool.end();
  });

  it.each([
    ['is reset', READY, (socket: Socket) => socket.resetAndDestroy()],
    ['is ended with a farewell', READY + FAREWELL, (socket: Socket) => socket.end()],
  ])('survives that a connection %s while it is lent and not in use', async (_what, greeting, end) => {
    const lost: string[] = [];
    await using server = await listen((socket) => {
      socket.once('data', () => socket.write(Buffer.from(greeting, 'latin1'), () => end(socket)));
    });
    const config = parseConfig(databaseShape, { ...env, PGPORT: server.port, DATABASE_TIMEOUT_MS: '60000' });
    const pool = await openDatabasePool(config, ({ message }) => void lost.push(message));
    const client = await pool.connect();
    await vi.waitFor(() => expect(lost).not.toEqual([]), 300_000);
    await expect(client.query('select 1', [])).rejects.toMatchObject({ statusCode: 503 });
    client.release();
    expect(pool.counts.total).toBe(0);
    await pool.end();
  });

  it('lets only so many wait', async () => {
    await using server = await listen(() => {});
    const config = parseConfig(databaseShape, { ...env, PGPORT: server.port, DATABASE_POOL_SIZE: '1' });
    const pool = await openDatabasePool(config, () => {});
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => pool.connect()));
    const told = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.message : 'connected'));
    expect(told.filter((message) => message === 'The database cannot be reached.')).toHaveLength(51);
    expect(told.filter((message) => message === 'Too many requests wait for the database.')).toHaveLength(9);
    await pool.end();
  });
});

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('unreachable: it listens on TCP');
  return {
    port: String(address.port),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
