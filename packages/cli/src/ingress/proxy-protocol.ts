import type { IngressState, ProxyProtocol } from '../model/ingress.ts';

const OPTIONS = { v1: ' send-proxy', v2: ' send-proxy-v2' } as const;

/** The option of a server that reads the client's address first. Its checks send it too. */
export const sendProxy = (version: ProxyProtocol | undefined): string => (version ? OPTIONS[version] : '');

/** The rule of a frontend that reads the client's address from the proxies in the file, and from nobody else. */
export const expectProxy = ({ proxyProtocol, trustedProxies }: IngressState): string[] =>
  proxyProtocol && trustedProxies
    ? [`  tcp-request connection expect-proxy layer4 if { src ${trustedProxies.join(' ')} }`]
    : [];
