import { describe, expect, it } from 'vitest';
import { sqlStateOf, toDatabaseError } from '../../src/service/database-error.ts';
import { ServiceError } from '../../src/service/service-error.ts';

/** An error as PostgreSQL sends it. */
const sent = (code: string) => Object.assign(new Error('of the server'), { severity: 'ERROR', code });
const ofSystem = (code: string) => Object.assign(new Error('of the system'), { code });

describe('an error of the database', () => {
  it.each([
    ['refused', ofSystem('ECONNREFUSED')],
    ['cut while writing', ofSystem('EPIPE')],
    ['not found', ofSystem('ENOTFOUND')],
    ['ended', new Error('Connection terminated unexpectedly')],
    ['silent', new Error('Query read timeout')],
  ])('is told as unreachable when the connection was %s', (_what, error) => {
    expect(toDatabaseError(error)).toMatchObject({
      statusCode: 503,
      message: 'The database cannot be reached.',
      cause: error,
    });
  });

  it.each([
    ['53100', 507, 'There is no room left.'],
    ['2200H', 507, 'There is no room left.'],
    ['57014', 503, 'The database took too long.'],
    ['55P03', 503, 'The database took too long.'],
    ['57P01', 503, 'The database cannot answer now.'],
    ['57P03', 503, 'The database cannot answer now.'],
    ['53300', 503, 'The database cannot answer now.'],
    ['28P01', 503, 'The database cannot answer now.'],
    ['25006', 503, 'The database cannot answer now.'],
    ['40P01', 503, 'The database cannot answer now.'],
    ['42P01', 503, 'The database cannot answer now.'],
    ['58030', 503, 'The database cannot answer now.'],
    ['XX001', 503, 'The database cannot answer now.'],
  ])('is told by its SQLSTATE: %s as %d', (code, statusCode, message) => {
    const error = sent(code);
    expect(toDatabaseError(error)).toMatchObject({ statusCode, message, cause: error });
  });

  it.each(['23505', '22P02', '42601'])('stays as it is when the query itself is to blame: %s', (code) => {
    const error = sent(code);
    expect(toDatabaseError(error)).toBe(error);
  });

  it('is translated once', () => {
    const told = new ServiceError(409, 'There is one already.');
    expect(toDatabaseError(told)).toBe(told);
    expect(toDatabaseError('text')).toBe('text');
  });

  it('has a SQLSTATE only when the server sent it', () => {
    expect(sqlStateOf(sent('23505'))).toBe('23505');
    expect(sqlStateOf(ofSystem('EPIPE'))).toBeUndefined();
  });
});
