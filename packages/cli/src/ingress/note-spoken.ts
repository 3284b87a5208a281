import type { IngressPort } from '../model/ingress.ts';
import type { Spoken } from './read-counters.ts';

/**
 * The ports of an ingress with what their connections show: what is spoken there, and that a replica listens, also on a
 * port that opened after its gate. From then on a new replica has to open it before it is admitted.
 */
export const noteSpoken = (
  ports: readonly IngressPort[],
  spoken: ReadonlyMap<number, Spoken>,
): readonly IngressPort[] =>
  ports.map((known) => {
    const { http = 0, bytes = 0, answered = false } = spoken.get(known.port) ?? {};
    const { unseen, ...port } = known;
    return {
      ...(answered ? port : known),
      ...(known.mode === 'auto' && (http > 0 ? { seen: 'http' } : bytes > 0 ? { seen: 'tcp' } : {})),
    };
  });
