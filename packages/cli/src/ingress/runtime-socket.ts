/** HAProxy's command socket, inside the ingress. */
export const RUNTIME_SOCKET = '/run/haproxy/haproxy.sock';
