import pg from 'pg';
import { type DatabaseConfig, readPassword } from './database-config.ts';
import { sqlStateOf, toDatabaseError } from './database-error.ts';
import { ServiceError } from './service-error.ts';

/** A connection that is in use until it is released. */
export interface DatabaseClient {
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<DatabaseAnswer<Row>>;
  /** Returns it to the pool; with `discard`, closes it instead. */
  release(discard?: boolean): void;
}

export interface DatabaseAnswer<Row> {
  readonly command: 'UPDATE' | 'DELETE' | 'INSERT' | 'SELECT' | 'MERGE' | 'COMMIT' | 'ROLLBACK';
  readonly rowCount: number;
  readonly rows: Row[];
}

/** Connections to PostgreSQL; can be used as the pool of Kysely's dialect. */
export interface DatabasePool {
  /** Takes a connection. Rejects, as its queries do, with the result of {@link toDatabaseError}. */
  connect(): Promise<DatabaseClient>;
  /** Closes all connections. Connections to a server that no longer answers stay until the process ends. */
  end(): Promise<void>;
  readonly options: object;
  /** The current numbers of connections, and of requests that wait for one. */
  readonly counts: { readonly total: number; readonly idle: number; readonly waiting: number };
}

/** How many requests may wait for each connection. More would only wait to be refused. */
const WAITING_PER_CONNECTION = 50;

/** Extra time for the server's own query timeout before the connection counts as broken. */
const GRACE_MS = 500;

const END_TIMEOUT_MS = 1000;

/**
 * Opens a pool that survives any failure of the database: every wait has a limit, a connection that may be broken is
 * never used again, and connections are opened only when needed, so that a service starts without its database.
 *
 * @param onLost called for each connection that is lost while no query runs on it
 * @throws StartError if there is no password
 */
export async function openDatabasePool(config: DatabaseConfig, onLost: (error: Error) => void): Promise<DatabasePool> {
  await readPassword(config);
  const timeoutMs = config.DATABASE_TIMEOUT_MS;
  const pool = new pg.Pool({
    host: config.PGHOST,
    port: config.PGPORT,
    database: config.PGDATABASE,
    user: config.PGUSER,
    password: () => readPassword(config),
    max: config.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    query_timeout: timeoutMs + GRACE_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // Without a listener, the loss of a connection would end the process. The pool itself listens only while the
  // connection is idle, which leaves a gap before its user can listen.
  pool.on('connect', (client) => client.on('error', onLost));
  pool.on('error', () => {});
  return {
    connect: async () => {
      if (pool.waitingCount >= config.DATABASE_POOL_SIZE * WAITING_PER_CONNECTION)
        throw new ServiceError(503, 'Too many requests wait for the database.');
      return lend(await pool.connect().catch(throwTold));
    },
    end: async () => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, END_TIMEOUT_MS);
      await Promise.race([pool.end(), late]);
      clearTimeout(timer);
    },
    options: {},
    get counts() {
      return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
    },
  };
}

function lend(client: pg.PoolClient): DatabaseClient {
  let broken: Error | undefined;
  const lost = (error: Error): void => {
    broken = error;
  };
  client.on('error', lost);
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[]) => {
      try {
        // The casts: the driver's types have neither read-only parameters nor the list of commands.
        return (await client.query(sql, parameters as unknown[])) as unknown as DatabaseAnswer<Row>;
      } catch (error) {
        // Most errors from the server leave the connection usable, but not those that announce its end. After a
        // silence, the answer may still arrive, as the answer to the wrong query.
        if (error instanceof Error && /^(?:none|08|57P)/.test(sqlStateOf(error) ?? 'none')) broken = error;
        throw toDatabaseError(error);
      }
    },
    release: (discard = false) => {
      client.off('error', lost);
      client.release(broken ?? discard);
    },
  };
}

const throwTold = (error: unknown): never => {
  throw toDatabaseError(error);
};
