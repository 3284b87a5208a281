import { IS_TRUSTED } from './trusted-peers.ts';

// Headers in which proxies describe the client. Includes spellings with `_`, which many applications treat as `-`.
// HAProxy compares names in lower case.
const CLAIMS = '^(forwarded|x[-_](real[-_]ip|forwarded([-_].*)?))$';

// The first element of `Forwarded`: the proxy next to the client wrote it.
const SAID_FOR = 'req.hdr(forwarded,1),rfc7239_field(for),rfc7239_n2nn';
const SAID_PROTO = 'req.hdr(forwarded,1),rfc7239_field(proto)';
const SAID_HOST = 'req.hdr(forwarded,1),rfc7239_field(host)';

// `X-Forwarded-For` in the syntax of `Forwarded`: IPv6 addresses and addresses with a port need quotes.
const QUOTED = [
  'regsub("[ \\t]+","",g)',
  'regsub("(^|,)(\\[[^],]*\\](:[0-9]+)?|[0-9.]+:[0-9]+)","\\1\\"\\2\\"",g)',
  'regsub("(^|,)([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)","\\1\\"[\\2]\\"",g)',
  'regsub(",",", for=",g)',
].join(',');

const HOST = 'req.fhdr(x-forwarded-host)';
const PROTO = 'req.hdr(x-forwarded-proto,1)';

/** A rule that sets a header if the request does not have it and the conditions hold. */
const whereMissing = (name: string, value: string, ...conditions: readonly string[]): string =>
  `  http-request set-header ${name} ${value} if ${[...conditions, `!{ req.hdr(${name.toLowerCase()}) -m found }`].join(' ')}`;

/**
 * Rules that describe the client to the application in `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, and in
 * `Forwarded` (RFC 7239). Headers from a trusted peer are kept and completed; headers from others are replaced. Both
 * kinds of headers agree: a value that one lacks is copied from the other. Every rule costs time on every request, so
 * only the few requests that need regular expressions use them.
 */
export const forwardedHeaders: readonly string[] = [
  `  http-request del-header '${CLAIMS}' -m reg unless ${IS_TRUSTED}`,
  whereMissing('X-Forwarded-For', `%[${SAID_FOR}]`, IS_TRUSTED, `{ ${SAID_FOR} -m found }`),
  whereMissing('X-Forwarded-For', '%[src]'),
  whereMissing('X-Forwarded-Proto', `%[${SAID_PROTO}]`, IS_TRUSTED, `{ ${SAID_PROTO} -m found }`),
  whereMissing('X-Forwarded-Proto', 'http'),
  whereMissing('X-Forwarded-Host', `%[${SAID_HOST}]`, IS_TRUSTED, `{ ${SAID_HOST} -m found }`),
  whereMissing('X-Forwarded-Host', '%[req.fhdr(host)]', '{ req.fhdr(host) -m found }'),
  // The port that the client connected to, not the container's.
  whereMissing('X-Forwarded-Port', `%[${HOST},port_only]`, `{ ${HOST},port_only gt 0 }`),
  whereMissing('X-Forwarded-Port', '443', IS_TRUSTED, `{ ${PROTO} -m str https wss }`),
  whereMissing('X-Forwarded-Port', '80'),
  '  http-request set-var(txn.for) req.fhdr(x-forwarded-for)',
  `  http-request set-var(txn.for) 'var(txn.for),${QUOTED}' if { var(txn.for) -m sub , : }`,
  // Only hosts without quotation marks, which would end the value.
  whereMissing(
    'Forwarded',
    `'for=%[var(txn.for)];host="%[${HOST}]";proto=%[${PROTO}]'`,
    `{ ${HOST} -m found }`,
    `!{ ${HOST} -m sub '"' '\\\\' }`,
  ),
  whereMissing('Forwarded', `'for=%[var(txn.for)];proto=%[${PROTO}]'`),
];
