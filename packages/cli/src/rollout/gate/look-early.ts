import { servedPorts } from '../observe/listening-sockets.ts';
import type { Gate } from './gate.ts';

/** A look takes a tenth of a second, or a separate container if the image has no `cat`. */
const LOOK_AGAIN_MS = 1000;
const SHARE_OF_TIME = 10;

/**
 * Returns a function to call after each failed healthcheck. The healthcheck may ask, by the service's name, for a port
 * that the ingress does not listen on because it has never been open.
 */
export function lookEarly({ look, listenEarly, clock }: Gate): () => Promise<void> {
  let againMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const startedMs = clock.now();
    if (look === undefined || listenEarly === undefined || startedMs < againMs) return;
    // If this fails, the gate reports the failure.
    const sockets = await look.sockets().catch(() => []);
    againMs = clock.now() + Math.max(LOOK_AGAIN_MS, SHARE_OF_TIME * (clock.now() - startedMs));
    await listenEarly(servedPorts(sockets));
  };
}
