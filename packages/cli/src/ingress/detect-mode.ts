import type { Duplex } from 'node:stream';
import type { IngressPort } from '../model/ingress.ts';
import { patientTimer } from '../model/patient-timer.ts';
import { CLIENT_HELLO, isTlsAnswer } from './client-hello.ts';

/**
 * Asks what an open port talks: `HEAD /` that is answered in HTTP/1 means http; any other answer, silence for
 * `timeoutMs` or a close means tcp. So does a port that talks TLS, whatever it answers to those who do not: web servers
 * say 400, 404 or a redirect in plain HTTP on their HTTPS port.
 *
 * @param open connects to the port; called once or twice, and each stream is destroyed after the answer. Rejects as it does
 * @param host for the `Host` header
 */
export const detectMode = async (
  open: () => Promise<Duplex>,
  host: string,
  timeoutMs: number,
): Promise<IngressPort['mode']> => {
  const request = `HEAD / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: lobbie\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
  const status = HTTP_STATUS.exec((await ask(await open(), request, STATUS_LENGTH, timeoutMs)).toString('latin1'))?.[1];
  if (status === undefined) return 'tcp';
  // Who serves a plain request has no need of TLS; who was asked in vain may have said why.
  if (status.startsWith('2')) return 'http';
  return isTlsAnswer(await ask(await open(), CLIENT_HELLO, 2, timeoutMs)) ? 'tcp' : 'http';
};

const HTTP_STATUS = /^HTTP\/1\.\d (\d{3})/;
const STATUS_LENGTH = 'HTTP/1.1 200'.length;

/** The first bytes of the answer: fewer than `wanted` when the stream ends, breaks or falls silent. */
const ask = (stream: Duplex, request: string | Buffer, wanted: number, timeoutMs: number): Promise<Buffer> =>
  new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const settle = (): void => {
      stop();
      resolve(answer);
      stream.destroy();
    };
    const stop = patientTimer(timeoutMs, settle);
    stream.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length >= wanted) settle();
    });
    // The listener for errors stays: one may come after the stream was destroyed.
    for (const end of ['end', 'close', 'error']) stream.on(end, settle);
    stream.write(request);
  });
