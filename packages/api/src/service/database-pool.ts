import pg from 'pg';
import { type DatabaseConfig, readPassword } from './database-config.ts';
import { sqlStateOf, toDatabaseError } from './database-error.ts';
import { ServiceError } from './service-error.ts';

/** A connection that is lent out until it is released. */
export interface DatabaseClient {
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<DatabaseAnswer<Row>>;
  /** Gives it back; `discard` where it must not be lent again. */
  release(discard?: boolean): void;
}

export interface DatabaseAnswer<Row> {
  readonly command: 'UPDATE' | 'DELETE' | 'INSERT' | 'SELECT' | 'MERGE' | 'COMMIT' | 'ROLLBACK';
  readonly rowCount: number;
  readonly rows: Row[];
}

/** Connections to PostgreSQL; fits where Kysely's dialect wants a pool. */
export interface DatabasePool {
  /** Lends a connection. Rejects, as its queries do, with what {@link toDatabaseError} makes of a failure. */
  connect(): Promise<DatabaseClient>;
  /** Closes all connections; those of a server that has fallen silent are left to the end of the process. */
  end(): Promise<void>;
  readonly options: object;
  /** Connections of the moment, and requests that wait for one. */
  readonly counts: { readonly total: number; readonly idle: number; readonly waiting: number };
}

/** Requests that may wait for each connection; more of them would only wait to be refused. */
const WAITING_PER_CONNECTION = 50;

/** What the server's own timeout of a query is given before the connection counts as broken. */
const GRACE_MS = 500;

const END_TIMEOUT_MS = 1000;

/**
 * Opens a pool that survives whatever happens to the database: every wait is bounded, a connection that may be broken is
 * never lent again, and none is made before it is needed, so that a service starts without its database.
 *
 * @param onLost told of each connection that is lost while no query runs on it
 * @throws StartError where there is no password
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
  // Nobody listening to a connection, its loss would end the process; and the pool itself listens only while it is idle,
  // not even until its borrower can.
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
        // The casts: the driver's types know neither read-only parameters nor which commands there are.
        return (await client.query(sql, parameters as unknown[])) as unknown as DatabaseAnswer<Row>;
      } catch (error) {
        // Most answers of the server leave the connection as it was; its farewell does not. After a silence the answer
        // may still come, to the wrong query.
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
