import type { IngressState, ProxyProtocol } from '../model/ingress.ts';

const OPTIONS = { v1: ' send-proxy', v2: ' send-proxy-v2' } as const;

/** Option of a server that reads the client's address first; its checks begin with it too. */
export const sendProxy = (version: ProxyProtocol | undefined): string => (version ? OPTIONS[version] : '');

/** Rule of a frontend that takes the client's address from the proxies that the file names, and from nobody else. */
export const expectProxy = ({ proxyProtocol, trustedProxies }: IngressState): string[] =>
  proxyProtocol && trustedProxies
    ? [`  tcp-request connection expect-proxy layer4 if { src ${trustedProxies.join(' ')} }`]
    : [];
