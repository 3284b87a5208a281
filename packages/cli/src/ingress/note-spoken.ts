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
    const came = spoken.get(known.port);
    const seen = known.mode === 'auto' && came ? seenIn(came) : undefined;
    const { unseen, ...port } = known;
    return { ...(came?.answered ? port : known), ...(seen && { seen }) };
  });

/** What most connections were. Stray ones, such as those that only look whether a port is open, do not decide. */
const seenIn = ({ http, bytes, tls }: Spoken): IngressPort['seen'] => {
  if (http + bytes === 0) return undefined;
  if (bytes - tls > http + tls) return 'tcp';
  return tls > http ? 'https' : 'http';
};
