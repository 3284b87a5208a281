/**
 * The keys that reverse proxies read from containers: labels of Traefik's docker provider and of caddy-docker-proxy,
 * environment and labels of nginx-proxy and its acme-companion. The names are from their documentation in 2026.
 */

/** Whether a label tells a reverse proxy how to route to the container that has it. */
export const isRoutingLabel = (name: string): boolean =>
  isTraefikLabel(name) || isCaddyLabel(name) || isNginxProxyLabel(name);

/** Traefik ignores case. */
export const isTraefikLabel = (name: string): boolean => /^traefik\./i.test(name);

/** Does not include `caddy_controlled_server`, which marks a Caddy that gets its configuration from another one. */
export const isCaddyLabel = (name: string): boolean => /^caddy(_\d+)?(\.|$)|^caddy_ingress_network$/.test(name);

/** The label `….nginx` marks the proxy itself. */
const isNginxProxyLabel = (name: string): boolean =>
  name.startsWith(NGINX_PROXY_LABEL) && name !== `${NGINX_PROXY_LABEL}nginx`;

const NGINX_PROXY_LABEL = 'com.github.nginx-proxy.nginx-proxy.';

/** Variables that make nginx-proxy route to a container; an empty one does not. */
export const NGINX_PROXY_HOSTS = ['VIRTUAL_HOST', 'VIRTUAL_HOST_MULTIPORTS'] as const;

/** Variables of nginx-proxy and acme-companion that applications do not read. */
export const ROUTING_VARIABLES: ReadonlySet<string> = new Set([
  ...NGINX_PROXY_HOSTS,
  ...['PORT', 'PATH', 'DEST', 'PROTO', 'ROOT'].map((name) => `VIRTUAL_${name}`),
  ...['HOST', 'EMAIL', 'KEYSIZE', 'TEST', 'SINGLE_DOMAIN_CERTS', 'RESTART_CONTAINER'].map(
    (name) => `LETSENCRYPT_${name}`,
  ),
  ...[
    ...['HOST', 'EMAIL', 'KEYSIZE', 'SINGLE_DOMAIN_CERTS', 'RESTART_CONTAINER', 'CA_URI', 'CHALLENGE', 'CERT_PROFILE'],
    ...['PREFERRED_CHAIN', 'OCSP', 'EAB_KID', 'EAB_HMAC_KEY', 'PRE_HOOK', 'POST_HOOK', 'RENEW_AFTER'],
    ...['RENEW_PRIVATE_KEYS', 'HTTP_CHALLENGE_LOCATION'],
  ].map((name) => `ACME_${name}`),
  'ACMESH_DNS_API_CONFIG',
  'ZEROSSL_API_KEY',
]);

/** Variables that nginx-proxy reads with `VIRTUAL_HOST`, under names that an application may also read. */
export const SHARED_VARIABLES: ReadonlySet<string> = new Set([
  'CERT_NAME',
  'ENABLE_HTTP_ON_MISSING_CERT',
  'EXTERNAL_HTTP_PORT',
  'EXTERNAL_HTTPS_PORT',
  'HSTS',
  'HTTPS_METHOD',
  'NETWORK_ACCESS',
  'SERVER_TOKENS',
  'SSL_POLICY',
]);
