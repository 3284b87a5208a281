import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { detectMode } from '../../src/ingress/detect-mode.ts';

/** Asks a server on this machine; it is closed afterwards. */
const modeOf = async (server: Server, timeoutMs = 500): Promise<string> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // What a server that listens on a port says.
  const { port } = server.address() as AddressInfo;
  try {
    return await detectMode(async () => connect(port, '127.0.0.1'), 'shop-web-1', timeoutMs);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
};

const answering = (status: number, headers: Record<string, string> = {}): Server =>
  createServer((_, response) => response.writeHead(status, headers).end());

/** A server that speaks first, or whenever it is spoken to. */
const talking = (greeting: string | Buffer, answer: string | Buffer | undefined = undefined): Server =>
  createTcpServer((socket) => {
    if (greeting.length > 0) socket.write(greeting);
    socket.on('data', () => (answer === undefined ? undefined : socket.end(answer)));
  });

describe('a port is http', () => {
  it.each([200, 204, 301, 302, 400, 401, 404, 405, 500, 501, 503])('that answers %i', async (status) => {
    expect(await modeOf(answering(status, { location: 'https://shop.example/' }))).toBe('http');
  });

  it('that answers in HTTP/1.0 and closes', async () => {
    expect(await modeOf(talking('', 'HTTP/1.0 501 Unsupported method\r\n\r\n'))).toBe('http');
  });

  it('whose answer comes in pieces, and late', async () => {
    const slow = createTcpServer((socket) => {
      socket.once('data', () => {
        socket.write('HT');
        setTimeout(() => socket.write('TP/1.1 2'), 100);
        setTimeout(() => socket.write('00 OK\r\n\r\n'), 200);
      });
    });
    expect(await modeOf(slow, 5000)).toBe('http');
  });

  it('that answers no one but those who ask for a known host', async () => {
    let asked: Parameters<RequestListener>[0] | undefined;
    const server = createServer((request, response) => {
      asked = request;
      response.writeHead(400).end();
    });
    expect(await modeOf(server)).toBe('http');
    expect(asked).toMatchObject({ method: 'HEAD', url: '/', headers: { host: 'shop-web-1' } });
  });
});

describe('a port is tcp', () => {
  it.each([
    ['greets as SMTP does', talking('220 mail.example ESMTP\r\n', '502 5.5.2 Error: command not recognized\r\n')],
    ['greets as MySQL does', talking(Buffer.from('4a0000000a382e302e3336000b000000', 'hex'), Buffer.from('ff'))],
    ['answers with an error as Redis does', talking('', "-ERR unknown command 'HEAD'\r\n")],
    ['closes as PostgreSQL does', talking('', '')],
    ['answers in HTTP/2 only', talking('', Buffer.from('000006040000000000000500004000', 'hex'))],
    ['says nothing', talking('')],
    ['begins like HTTP', talking('', 'HTTP is not spoken here\r\n')],
  ])('that %s', async (_, server) => {
    expect(await modeOf(server)).toBe('tcp');
  });

  it('that breaks the connection', async () => {
    expect(await modeOf(createTcpServer((socket) => socket.resetAndDestroy()))).toBe('tcp');
  });

  const ALERT = Buffer.from('15030300020228', 'hex');
  it.each([
    ['400', ALERT],
    ['301', ALERT],
    ['404', Buffer.from('160303004a02000046', 'hex')],
  ])('that talks TLS, and answers %s to who does not', async (status, tlsAnswer) => {
    const server = createTcpServer((socket) => {
      socket.once('data', ([first]) => socket.end(first === 22 ? tlsAnswer : `HTTP/1.1 ${status} Told\r\n\r\n`));
    });
    expect(await modeOf(server)).toBe('tcp');
  });

  it('on which a real TLS server finds fault with who asks', async () => {
    // Without a certificate it has no cipher in common with anyone, and says so in an alert.
    const secure = createTlsServer().listen(0, '127.0.0.1');
    secure.on('tlsClientError', () => {});
    const server = createTcpServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        if (chunk[0] !== 22) return socket.end('HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n');
        // What a server that listens on a port says.
        const inner = connect((secure.address() as AddressInfo).port, '127.0.0.1');
        inner.on('error', () => {}).pipe(socket);
        inner.write(chunk);
      });
    });
    expect(await modeOf(server)).toBe('tcp');
    secure.close();
  });
});

it('rejects when the port cannot be reached', async () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  await expect(detectMode(() => Promise.reject(refused), 'shop-web-1', 500)).rejects.toBe(refused);
});
