import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { z } from 'zod';
import { ServiceError } from './service-error.ts';

/** A key as configuration. One that no header can carry would shut out everybody: a file's last line break does that. */
export const keyField = z
  .string()
  .refine(
    (key) => key === key.trim() && !/\p{Cc}/u.test(key),
    'expected a key without line breaks, and without white space around it',
  );

/** A route's `onRequest` hook that lets only requests with this key in a header pass; the others get 401. */
export function requireKey(header: string, key: string): onRequestHookHandler {
  const wanted = digest(Buffer.from(key));
  return (request, reply, done) => {
    const given = request.headers[header];
    // Node reads the bytes of a header as Latin 1. Digests are of one length, so that the time to compare them tells
    // nothing of the key.
    if (typeof given === 'string' && timingSafeEqual(digest(Buffer.from(given, 'latin1')), wanted)) {
      done();
      return;
    }
    // RFC 9110, 15.5.2, asks for a challenge; browsers do not know this one, and ask nobody for a password.
    reply.header('www-authenticate', 'ApiKey');
    done(new ServiceError(401, `A valid key is needed in the header ${header.toUpperCase()}.`));
  };
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
