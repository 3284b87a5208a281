import { servedPorts } from '../observe/listening-sockets.ts';
import type { Gate } from './gate.ts';

/** A look takes a tenth of a second, or a container of its own where the image has no `cat`. */
const LOOK_AGAIN_MS = 1000;
const SHARE_OF_TIME = 10;

/**
 * Gives a function to call after each healthcheck that failed: it may ask a port by the name of the service on which the
 * ingress does not listen, because nobody has seen it open yet.
 */
export function lookEarly({ look, listenEarly, clock }: Gate): () => Promise<void> {
  let againMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const startedMs = clock.now();
    if (look === undefined || listenEarly === undefined || startedMs < againMs) return;
    // Where it does not work, the gate reports the failure.
    const sockets = await look.sockets().catch(() => []);
    againMs = clock.now() + Math.max(LOOK_AGAIN_MS, SHARE_OF_TIME * (clock.now() - startedMs));
    await listenEarly(servedPorts(sockets));
  };
}
