import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { ServiceError } from './service-error.ts';

/** A route's `onRequest` hook that lets only requests with this key in a header pass; the others get 401. */
export function requireKey(header: string, key: string): onRequestHookHandler {
  const wanted = digest(key);
  return (request, _reply, done) => {
    const given = request.headers[header];
    // Digests are of one length, so that the time to compare them tells nothing of the key.
    const matches = typeof given === 'string' && timingSafeEqual(digest(given), wanted);
    done(matches ? undefined : new ServiceError(401, `A valid key is needed in the header ${header.toUpperCase()}.`));
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
