import { describe, expect, it } from 'vitest';
import { fileAnswerOf } from '../../src/service/file-answer.ts';

const modified = 'Sat, 21 Nov 2026 10:00:00 GMT';
const earlier = 'Sat, 21 Nov 2026 09:59:59 GMT';
const file = { size: 10, etag: '"a"', modifiedMs: Date.parse(modified) + 400 };

const ask = (headers: Record<string, string>, method = 'GET', size = 10) =>
  fileAnswerOf(method, headers, { ...file, size });

describe('a range', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=2-5', 2, 5],
    ['bytes=2-', 2, 9],
    ['bytes=2-99', 2, 9],
    ['bytes=-3', 7, 9],
    ['bytes=-99', 0, 9],
    ['Bytes = 9-9', 9, 9],
  ])('%s is bytes %i to %i of ten', (range, first, last) => {
    expect(ask({ range })).toEqual({ status: 206, first, last });
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0', 'bytes=99999999999999999999-'])('%s cannot be served', (range) => {
    expect(ask({ range })).toEqual({ status: 416 });
  });

  it.each(['bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b', '0-1'])(
    '%s is answered with the whole',
    (range) => {
      expect(ask({ range })).toEqual({ status: 200 });
    },
  );

  it('of nothing cannot be served, and HEAD knows none', () => {
    expect(ask({ range: 'bytes=0-' }, 'GET', 0)).toEqual({ status: 416 });
    expect(ask({ range: 'bytes=0-' }, 'HEAD')).toEqual({ status: 200 });
  });

  it.each([
    ['"a"', 206],
    [modified, 206],
    ['"b"', 200],
    ['W/"a"', 200],
    [earlier, 200],
    ['nonsense', 200],
  ])('with If-Range %s is answered with %i', (ifRange, status) => {
    expect(ask({ range: 'bytes=0-1', 'if-range': ifRange }).status).toBe(status);
  });
});

describe('a condition', () => {
  it.each<[Record<string, string>, number]>([
    [{ 'if-none-match': '"a"' }, 304],
    [{ 'if-none-match': 'W/"a"' }, 304],
    [{ 'if-none-match': '"b", "a"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"b"' }, 200],
    [{ 'if-modified-since': modified }, 304],
    [{ 'if-modified-since': earlier }, 200],
    [{ 'if-modified-since': '9999' }, 200],
    [{ 'if-unmodified-since': '1' }, 200],
    [{ 'if-modified-since': 'nonsense' }, 200],
    [{ 'if-none-match': '"b"', 'if-modified-since': modified }, 200],
    [{ 'if-match': '"a"' }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': 'W/"a"' }, 412],
    [{ 'if-match': '"b"' }, 412],
    [{ 'if-unmodified-since': modified }, 200],
    [{ 'if-unmodified-since': earlier }, 412],
    [{ 'if-match': '"a"', 'if-unmodified-since': earlier }, 200],
    [{ 'if-match': '"b"', 'if-none-match': '"a"' }, 412],
    [{ 'if-none-match': '"a"', range: 'bytes=0-1' }, 304],
  ])('%j is answered with %i', (headers, status) => {
    expect(ask(headers).status).toBe(status);
  });
});
