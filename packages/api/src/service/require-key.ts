import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { z } from 'zod';
import { ServiceError } from './service-error.ts';

/**
 * A key in the configuration. A key that no header can contain would lock out everybody, such as one that ends in a
 * line break.
 */
export const keyField = z
  .string()
  .refine(
    (key) => key === key.trim() && !/\p{Cc}/u.test(key),
    'expected a key without line breaks or surrounding white space',
  );

/** A route's `onRequest` hook that requires this key in a header. Other requests get 401. */
export function requireKey(header: string, key: string): onRequestHookHandler {
  const wanted = digest(Buffer.from(key));
  return (request, reply, done) => {
    const given = request.headers[header];
    // Node reads the bytes of a header as Latin 1. Digests have the same length, so the time to compare them reveals
    // nothing about the key.
    if (typeof given === 'string' && timingSafeEqual(digest(Buffer.from(given, 'latin1')), wanted)) {
      done();
      return;
    }
    // RFC 9110, 15.5.2, requires a challenge. Browsers do not know this one and do not ask for a password.
    reply.header('www-authenticate', 'ApiKey');
    done(new ServiceError(401, `A valid key is required in the header ${header.toUpperCase()}.`));
  };
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
