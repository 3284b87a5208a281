/** Where HAProxy takes commands, inside the ingress. */
export const RUNTIME_SOCKET = '/run/haproxy/haproxy.sock';
