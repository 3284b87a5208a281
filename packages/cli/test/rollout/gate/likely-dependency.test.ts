import { describe, expect, it } from 'vitest';
import type { Dependency } from '../../../src/model/service.ts';
import { likelyDependency } from '../../../src/rollout/gate/likely-dependency.ts';
import { aService } from '../a-service.ts';

const on = (service: string, condition: Dependency['condition']): Dependency => ({
  service,
  condition,
  required: true,
  restart: false,
});
const db = aService('db', { expose: [5432], networks: [{ key: 'default', aliases: ['database.internal'] }] });
const cache = aService('cache', { containerName: 'the-cache' });
const cause = (line: string, ...dependsOn: Dependency[]) =>
  likelyDependency(['it starts', line], { dependsOn }, [db, cache]);

describe('the likely cause of a crash at the first connect', () => {
  it.each([
    'Error: connect ECONNREFUSED db:5432',
    'Error: connect ECONNREFUSED 172.18.0.3:5432',
    'Error: getaddrinfo ENOTFOUND db',
    'getaddrinfo EAI_AGAIN db',
    'psycopg2.OperationalError: could not translate host name "db" to address: Name or service not known',
    'connection to server at "db" (172.18.0.3), port 5432 failed: Connection refused',
    'dial tcp: lookup db on 127.0.0.11:53: no such host',
    'dial tcp 172.18.0.3:5432: connect: connection refused',
    'java.net.UnknownHostException: db',
    'org.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct',
    "ERROR 2003 (HY000): Can't connect to MySQL server on 'database.internal' (111)",
    'PDOException: SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo failed for db: Name does not resolve',
  ])('names the dependency that was not waited for: %s', (line) => {
    expect(cause(line, on('db', 'started'), on('cache', 'started'))).toBe(
      'Likely cause: it connects to db, which was started but may not be ready. Wait until it is ready: depends_on: {db: {condition: service_healthy}}, with a healthcheck in db.',
    );
  });

  it('names a service that the file does not depend on', () => {
    expect(cause('Error 111 connecting to the-cache:6379. Connection refused.')).toMatch(
      /^Likely cause: it connects to cache, which is not in its depends_on\./,
    );
  });

  it('names the one that was only started where the log names none, or all of those', () => {
    expect(cause('connect ECONNREFUSED 10.0.0.9:6379', on('cache', 'started'))).toMatch(/connects to cache, which was/);
    const both = cause('connect ECONNREFUSED', on('db', 'started'), on('cache', 'started'));
    expect(both).toMatch(/connects to db or cache, which was started but may not be ready/);
  });

  it('says that a connection to 127.0.0.1 leads to the container itself', () => {
    expect(cause('connect ECONNREFUSED 127.0.0.1:5432', on('db', 'started'))).toBe(
      'Likely cause: it connects to 127.0.0.1:5432, which is its own container. Use the name of the service, such as db.',
    );
    expect(cause('could not connect to server at "localhost"')).toMatch(/connects to localhost, which is its own/);
  });

  it('says nothing where the dependency was waited for, or the log tells of no connection', () => {
    expect(cause('connect ECONNREFUSED db:5432', on('db', 'healthy'))).toBeUndefined();
    expect(cause('TypeError: db is not a function', on('db', 'started'))).toBeUndefined();
    expect(cause('connect ECONNREFUSED adb:99')).toBeUndefined();
  });
});
