import { IS_TRUSTED } from './trusted-peers.ts';

// Names under which proxies say who asked for what: with `_` too, which many applications take for `-`. HAProxy compares
// them in lower case.
const CLAIMS = '^(forwarded|x[-_](real[-_]ip|forwarded([-_].*)?))$';

// What the first element of `Forwarded` says: the proxy next to the client wrote it.
const SAID_FOR = 'req.hdr(forwarded,1),rfc7239_field(for),rfc7239_n2nn';
const SAID_PROTO = 'req.hdr(forwarded,1),rfc7239_field(proto)';
const SAID_HOST = 'req.hdr(forwarded,1),rfc7239_field(host)';

// `X-Forwarded-For` as `Forwarded` has it: addresses of IPv6, and those with a port, in quotes.
const QUOTED = [
  'regsub("[ \\t]+","",g)',
  'regsub("(^|,)(\\[[^],]*\\](:[0-9]+)?|[0-9.]+:[0-9]+)","\\1\\"\\2\\"",g)',
  'regsub("(^|,)([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)","\\1\\"[\\2]\\"",g)',
  'regsub(",",", for=",g)',
].join(',');

const HOST = 'req.fhdr(x-forwarded-host)';
const PROTO = 'req.hdr(x-forwarded-proto,1)';

/** A rule that sets a header which the request does not have, if the conditions hold too. */
const whereMissing = (name: string, value: string, ...conditions: readonly string[]): string =>
  `  http-request set-header ${name} ${value} if ${[...conditions, `!{ req.hdr(${name.toLowerCase()}) -m found }`].join(' ')}`;

/**
 * Rules that tell the application of its client by `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, and by `Forwarded`
 * (RFC 7239). What a trusted peer says stays as it is, and the rest is added; what anyone else says is replaced. The two
 * kinds of headers agree: what one of them lacks is taken from the other. Each rule costs time for each request, so
 * regular expressions are left to the few requests that need them.
 */
export const forwardedHeaders: readonly string[] = [
  `  http-request del-header '${CLAIMS}' -m reg unless ${IS_TRUSTED}`,
  whereMissing('X-Forwarded-For', `%[${SAID_FOR}]`, IS_TRUSTED, `{ ${SAID_FOR} -m found }`),
  whereMissing('X-Forwarded-For', '%[src]'),
  whereMissing('X-Forwarded-Proto', `%[${SAID_PROTO}]`, IS_TRUSTED, `{ ${SAID_PROTO} -m found }`),
  whereMissing('X-Forwarded-Proto', 'http'),
  whereMissing('X-Forwarded-Host', `%[${SAID_HOST}]`, IS_TRUSTED, `{ ${SAID_HOST} -m found }`),
  whereMissing('X-Forwarded-Host', '%[req.fhdr(host)]', '{ req.fhdr(host) -m found }'),
  // The port that the client knows, and not the one of the container.
  whereMissing('X-Forwarded-Port', `%[${HOST},port_only]`, `{ ${HOST},port_only gt 0 }`),
  whereMissing('X-Forwarded-Port', '443', IS_TRUSTED, `{ ${PROTO} -m str https wss }`),
  whereMissing('X-Forwarded-Port', '80'),
  '  http-request set-var(txn.for) req.fhdr(x-forwarded-for)',
  `  http-request set-var(txn.for) 'var(txn.for),${QUOTED}' if { var(txn.for) -m sub , : }`,
  // No host in which a quotation mark ends the value.
  whereMissing(
    'Forwarded',
    `'for=%[var(txn.for)];host="%[${HOST}]";proto=%[${PROTO}]'`,
    `{ ${HOST} -m found }`,
    `!{ ${HOST} -m sub '"' '\\\\' }`,
  ),
  whereMissing('Forwarded', `'for=%[var(txn.for)];proto=%[${PROTO}]'`),
];
