import { IS_TRUSTED } from './trusted-peers.ts';

/**
 * Rules that tell the application of its client by `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, and by `Forwarded`
 * (RFC 7239). What a trusted peer says stays as it is, and the rest is added; what anyone else says is replaced. The two
 * kinds of headers agree: what one of them lacks is taken from the other.
 */
export const forwardedHeaders: readonly string[] = [
  `  http-request del-header '${claims()}' -m reg unless ${IS_TRUSTED}`,
  ...whereMissing('X-Forwarded-For', [`%[${said('for')},rfc7239_n2nn]`, `${said('for')},rfc7239_n2nn -m found`]),
  ...whereMissing('X-Forwarded-For', ['%[src]']),
  ...whereMissing('X-Forwarded-Proto', [`%[${said('proto')}]`, `${said('proto')} -m found`]),
  ...whereMissing('X-Forwarded-Proto', ['http']),
  ...whereMissing('X-Forwarded-Host', [`%[${said('host')}]`, `${said('host')} -m found`]),
  ...whereMissing('X-Forwarded-Host', ['%[req.fhdr(host)]', 'req.fhdr(host) -m found']),
  // The port that the client knows, and not the one of the container.
  ...whereMissing('X-Forwarded-Port', [
    `"%[req.fhdr(x-forwarded-host),regsub('^.*:','')]"`,
    "req.fhdr(x-forwarded-host) -m reg ':[0-9]+$'",
  ]),
  ...whereMissing('X-Forwarded-Port', ['443', 'req.hdr(x-forwarded-proto,1) -m str https wss']),
  ...whereMissing('X-Forwarded-Port', ['80']),
  `  http-request set-var(txn.for) '${forwardedFor()}' unless { req.hdr(forwarded) -m found }`,
  // A host in which no quotation mark ends the value.
  ...whereMissing('Forwarded', [
    `'for=%[var(txn.for)];host="%[req.fhdr(x-forwarded-host)]";proto=%[req.hdr(x-forwarded-proto,1)]'`,
    `req.fhdr(x-forwarded-host) -m reg '^[A-Za-z0-9._:\\[\\]-]+$'`,
  ]),
  ...whereMissing('Forwarded', ["'for=%[var(txn.for)];proto=%[req.hdr(x-forwarded-proto,1)]'"]),
];

/**
 * Names under which proxies say who asked for what: with `_` too, which many applications take for `-`. HAProxy compares
 * them in lower case.
 */
function claims(): string {
  return '^(forwarded|x[-_](real[-_]ip|forwarded([-_].*)?))$';
}

/** What the first element of `Forwarded` says: that of the proxy next to the client. */
function said(field: 'for' | 'proto' | 'host'): string {
  return `req.hdr(forwarded,1),rfc7239_field(${field})`;
}

/** Sets a header that the request does not have, if the condition holds. */
function whereMissing(name: string, [value, condition]: readonly [value: string, condition?: string]): string[] {
  const also = condition === undefined ? '' : ` { ${condition} }`;
  return [`  http-request set-header ${name} ${value} if !{ req.hdr(${name.toLowerCase()}) -m found }${also}`];
}

/** `X-Forwarded-For` as `Forwarded` has it: addresses of IPv6, and those with a port, in quotes. */
function forwardedFor(): string {
  return [
    'req.fhdr(x-forwarded-for)',
    'regsub("[ \\t]+","",g)',
    'regsub("(^|,)(\\[[^],]*\\](:[0-9]+)?|[0-9.]+:[0-9]+)","\\1\\"\\2\\"",g)',
    'regsub("(^|,)([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)","\\1\\"[\\2]\\"",g)',
    'regsub(",",", for=",g)',
  ].join(',');
}
