/** One port that speaks what SPEAKS says; every answer names VERSION. Bundled into one file for the replicas. */
import { serveGrpc } from './serve-grpc.ts';
import { serveHttp, serveHttp2, serveHttps } from './serve-http.ts';
import { serveGreeting, serveLines, servePostgres, serveTls } from './serve-lines.ts';

const { SPEAKS = '', VERSION = '' } = process.env;
/** The port of every peer, whatever it speaks. */
const PORT = 7000;

const SERVERS: Readonly<Record<string, (port: number, version: string) => void>> = {
  http: serveHttp,
  https: serveHttps,
  h2c: serveHttp2,
  grpc: serveGrpc,
  tls: serveTls,
  redis: serveLines,
  postgres: servePostgres,
  smtp: serveGreeting('220 peers ESMTP\r\n'),
  ssh: serveGreeting('SSH-2.0-peers\r\n'),
  // Length, sequence number, protocol version 10, the server's version.
  mysql: serveGreeting(Buffer.concat([Buffer.from([6, 0, 0, 0, 10]), Buffer.from('peer\0')])),
};

const serve = SERVERS[SPEAKS];
if (serve === undefined) throw new Error(`SPEAKS is "${SPEAKS}"; it can be ${Object.keys(SERVERS).join(', ')}.`);
serve(PORT, VERSION);
process.on('SIGTERM', () => process.exit(0));
