import type { IngressState } from '../model/ingress.ts';

/** Holds for requests of a peer whose word about its client is taken. */
export const IS_TRUSTED = '{ var(txn.trusted) -m found }';

/**
 * Rules that find out whether the peer of a request is trusted: a container of the project, a proxy that the file names,
 * or, at a port that is published on loopback addresses alone, a program on the engine's machine. Such a program comes
 * from the gateway of a network, and so do clients of other ports, over IPv6 or where the engine runs without root.
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
