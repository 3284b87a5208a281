import type { IncomingHttpHeaders } from 'node:http';

/** Facts about a file that a client may know. */
export interface FileFacts {
  readonly size: number;
  /** Strong: it changes with every byte. In quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
}

/** What to answer: the whole file, a part (first and last byte inclusive), or no content. */
export type FileAnswer =
  | { readonly status: 200 | 304 | 412 | 416 }
  | { readonly status: 206; readonly first: number; readonly last: number };

/**
 * Evaluates the conditions and the range of a request for a file (RFC 9110, 13.2.2 and 14.2). Several ranges, and units
 * other than bytes, are answered with the whole file, as the standard allows.
 */
export function fileAnswerOf(method: string, headers: IncomingHttpHeaders, file: FileFacts): FileAnswer {
  const refused = conditionOf(headers, file);
  if (refused !== undefined) return { status: refused };
  if (method !== 'GET' || headers.range === undefined || !isCurrent(headers['if-range'], file)) return { status: 200 };
  return rangeOf(headers.range, file.size);
}

function conditionOf(headers: IncomingHttpHeaders, { etag, modifiedMs }: FileFacts): 304 | 412 | undefined {
  // A date in a header has whole seconds.
  const modifiedS = Math.floor(modifiedMs / 1000);
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag, 'strong')) return 412;
  } else if (modifiedS > secondsOf(headers['if-unmodified-since'])) return 412;
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag, 'weak') ? 304 : undefined;
  return modifiedS <= secondsOf(headers['if-modified-since']) ? 304 : undefined;
}

/** NaN for a missing or invalid date, which makes every comparison false. Date.parse alone accepts `1` as a date. */
const secondsOf = (date: string | undefined): number =>
  date !== undefined && HTTP_DATE.test(date) ? Date.parse(date) / 1000 : Number.NaN;

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function names(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (header.trim() === '*') return true;
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.includes(etag) || (comparison === 'weak' && tags.includes(`W/${etag}`));
}

/** Whether the client's part belongs to the current file. */
function isCurrent(ifRange: string | string[] | undefined, { etag, modifiedMs }: FileFacts): boolean {
  if (ifRange === undefined) return true;
  if (typeof ifRange !== 'string') return false;
  return ifRange.includes('"') ? ifRange.trim() === etag : secondsOf(ifRange) === Math.floor(modifiedMs / 1000);
}

function rangeOf(range: string, size: number): FileAnswer {
  const [unit, from = '', to = ''] = (/^([^=]*)=([^-]*)-(.*)$/s.exec(range) ?? []).slice(1).map((part) => part.trim());
  if (unit?.toLowerCase() !== 'bytes' || /\D/.test(from + to) || from + to === '') return { status: 200 };
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return { status: 200 };
  return first > last ? { status: 416 } : { status: 206, first, last };
}
