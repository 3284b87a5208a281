import type { Healthcheck } from '../../model/service.ts';

/** The port of an address such as `http://localhost:3000/health`. */
const ADDRESS = /\bhttp:\/\/(?:\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?/gi;

/**
 * The ports that a healthcheck asks over HTTP. Once it has passed, they are known to use HTTP. It runs inside the
 * container, so an address without a port means port 80.
 */
export const httpChecked = (check: Healthcheck | undefined): readonly number[] =>
  [...(check?.test.join(' ') ?? '').matchAll(ADDRESS)].map(([, port]) => Number(port ?? 80));

/** Whether a healthcheck checks nothing. */
export const isOff = (check: Healthcheck | undefined): boolean => check?.test[0] === 'NONE' || check?.test.length === 0;
