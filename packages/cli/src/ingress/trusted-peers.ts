import type { IngressState } from '../model/ingress.ts';

/** Holds for requests of a peer whose headers about its client are trusted. */
export const IS_TRUSTED = '{ var(txn.trusted) -m found }';

/**
 * Rules that decide whether the peer of a request is trusted: a container of the project, a proxy named in the file or,
 * at a port published only on loopback addresses, a program on the engine's machine. Such a program has the address of
 * a network's gateway. Clients of other ports can have it too, over IPv6 or with a rootless engine.
 */
export const trustRules = (
  { peers, trustedProxies = [], loopbackPorts = [] }: IngressState,
  port: number,
): string[] => {
  const { subnets = [], gateways = [] } = peers ?? {};
  const named = loopbackPorts.includes(port) ? [...trustedProxies, ...gateways] : trustedProxies;
  return [
    ...acl('from-proxy', named),
    ...acl('from-inside', subnets),
    ...(subnets.length > 0 ? acl('from-gateway', gateways) : []),
    ...(named.length > 0 ? [`${TRUST} if from-proxy`] : []),
    ...(subnets.length > 0 ? [`${TRUST} if from-inside${gateways.length > 0 ? ' !from-gateway' : ''}`] : []),
  ];
};

const TRUST = '  http-request set-var(txn.trusted) bool(true)';

const acl = (name: string, addresses: readonly string[]): string[] =>
  addresses.length === 0 ? [] : [`  acl ${name} src ${addresses.join(' ')}`];
