/**
 * Rules that tell the application of its client: `X-Forwarded-For`, `-Proto` and `-Host`.
 *
 * @param inside only the project's own containers ask: what a proxy among them says of its client stands
 */
export const forwardedHeaders = (inside: boolean): readonly string[] => (inside ? FORWARDED_ON : FORWARDED_ANEW);

// Names under which proxies say who asked for what: with `_` too, which many applications take for `-`. HAProxy compares
// them in lower case.
const CLAIMS = '^(forwarded|x[-_](real[-_]ip|forwarded([-_].*)?))$';

const FORWARDED_ANEW = [
  `  http-request del-header '${CLAIMS}' -m reg`,
  '  http-request set-header X-Forwarded-For %[src]',
  '  http-request set-header X-Forwarded-Proto http',
  '  http-request set-header X-Forwarded-Host %[req.hdr(host)]',
];

const FORWARDED_ON = [
  '  http-request add-header X-Forwarded-For %[src]',
  '  http-request set-header X-Forwarded-Proto http unless { req.hdr(x-forwarded-proto) -m found }',
  '  http-request set-header X-Forwarded-Host %[req.hdr(host)] unless { req.hdr(x-forwarded-host) -m found }',
];
