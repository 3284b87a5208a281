import { expect, it } from 'vitest';
import type { Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { greeting } from '../ingress/greeting.ts';
import { aWebService } from './a-service.ts';
import { deployServices } from './deploy-services.ts';
import { testContext } from './test-context.ts';
import { INGRESS, NODE_IMAGE } from './test-project.ts';

describeEngine('a service that reads the PROXY protocol', (engine) => {
  it.each(['v1', 'v2'] as const)(
    'passes its gate, reports, and takes over without a lost connection (%s)',
    async (version) => {
      await using context = testContext(engine);
      const [mail, http] = [await freePort(), await freePort()];
      const url = `tcp://127.0.0.1:${mail}`;
      const before = await deployServices(context, [service(mail, http)]);
      expect(before).toMatchObject({ outcome: 'deployed', warnings: [] });
      expect(await greeting(url)).toMatch(/^220 /);

      const seen = new Set<string>();
      let over = false;
      const watching = (async () => {
        while (!over) seen.add((await greeting(url)).replace(/[\d.]+$/, ''));
      })();
      const after = await deployServices(context, [service(mail, http, version)]);
      over = true;
      await watching;
      expect(after).toMatchObject({ outcome: 'deployed', warnings: [], replicas: [{ answer: 'told by lobbie' }] });
      // Each version greets as it does: a connection that begins otherwise than its replica reads gets no greeting.
      expect([...seen].toSorted()).toEqual(['220 hello ', '220 nobody said who is there']);
      // The client's address, and not the one of the ingress.
      expect(await greeting(url)).toMatch(/^220 hello (\d+\.){3}1$/);
      expect(await deployServices(context, [service(mail, http, version)])).toMatchObject({ outcome: 'unchanged' });

      const back = await deployServices(context, [service(mail, http)]);
      expect(back).toMatchObject({ outcome: 'deployed', warnings: [] });
      expect(await greeting(url)).toBe('220 nobody said who is there');
    },
  );
});

/** What greets, as a mail server does, and answers over HTTP: both insist on the header, where they read it. */
const SERVER = `
const net = require('node:net');
const version = process.env.READS;
const afterHeader = (serve) => (socket) => {
  socket.on('error', () => {});
  if (!version) return serve(socket, undefined);
  let read = Buffer.alloc(0);
  const look = (chunk) => {
    read = Buffer.concat([read, chunk]);
    const end = version === 'v1' ? read.indexOf('\\r\\n') + 2 : read.length < 16 ? 1 : 16 + read.readUInt16BE(14);
    if (end < 2 || read.length < end) return;
    socket.off('data', look).pause();
    const header = read.subarray(0, end).toString('latin1');
    if (!header.startsWith(version === 'v1' ? 'PROXY ' : '\\r\\n\\r\\n\\0\\r\\nQUIT\\n')) return socket.destroy();
    const from = version === 'v1' ? header.split(' ')[2] : end < 28 ? undefined : [...read.subarray(16, 20)].join('.');
    if (read.length > end) socket.unshift(read.subarray(end));
    serve(socket, from);
  };
  socket.on('data', look);
};
const http = require('node:http').createServer((request, response) => response.end('told by lobbie'));
net.createServer(afterHeader((socket, from) => socket.end('220 ' + (version ? 'hello ' + from : 'nobody said who is there') + '\\r\\n'))).listen(2525, '0.0.0.0');
net.createServer(afterHeader((socket) => { http.emit('connection', socket); socket.resume(); })).listen(3000, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;

const service = (mail: number, http: number, version?: 'v1' | 'v2'): Service =>
  aWebService('mail', http, {
    image: NODE_IMAGE,
    entrypoint: ['node', '-e', SERVER],
    environment: version === undefined ? {} : { READS: version },
    ports: [
      { target: 2525, published: mail, protocol: 'tcp' },
      { target: 3000, published: http, protocol: 'tcp', mode: 'http' },
    ],
    report: '/',
    ingress: { ...INGRESS, healthPath: '/', ...(version && { proxyProtocol: version }) },
  });
