import type { IngressPort } from '../model/ingress.ts';
import type { Spoken } from './read-counters.ts';

/**
 * The ports of an ingress with what their connections show: the protocol, and that a replica listens, even on a port
 * that opened after the gate. From then on a new replica must open that port before it is admitted.
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

/** The protocol of most connections. A few others, such as port scans, do not matter. */
const seenIn = ({ http, bytes, tls }: Spoken): IngressPort['seen'] => {
  if (http + bytes === 0) return undefined;
  if (bytes - tls > http + tls) return 'tcp';
  return tls > http ? 'https' : 'http';
};
