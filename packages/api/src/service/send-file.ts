import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sentenceOf } from './answer-error.ts';
import { type FileAnswer, fileAnswerOf } from './file-answer.ts';
import { ServiceError } from './service-error.ts';

export interface SentFile {
  readonly path: string;
  /** Media type. */
  readonly type: string;
  /** The name under which a browser saves it. */
  readonly saveAs: string;
}

/**
 * Answers with a file as an attachment, streamed: `HEAD`, `Range`, `ETag` and conditions. The route must accept GET and
 * HEAD itself. Does not follow links. Anything but a regular file is a ServiceError of status 404.
 *
 * Not @fastify/send: it follows links, opens the path again after it has read its facts, and gives weak ETags only.
 */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SentFile): Promise<FastifyReply> {
  const handle = await openFile(file.path);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new ServiceError(404, sentenceOf(404));
    const facts = { size: stats.size, etag: etagOf(stats), modifiedMs: stats.mtimeMs };
    const answer = fileAnswerOf(request.method, request.headers, facts);
    if (answer.status === 416) reply.header('content-range', `bytes */${stats.size}`);
    if (answer.status === 416 || answer.status === 412)
      throw new ServiceError(answer.status, sentenceOf(answer.status));
    reply.code(answer.status).headers({
      'accept-ranges': 'bytes',
      'cache-control': 'no-cache',
      etag: facts.etag,
      'last-modified': stats.mtime.toUTCString(),
    });
    if (answer.status !== 304) describe(reply, file, answer, stats.size);
    if (request.method === 'HEAD' || answer.status === 304 || stats.size === 0) {
      await handle.close();
      return reply.send();
    }
    const part = answer.status === 206 ? { start: answer.first, end: answer.last } : { end: stats.size - 1 };
    // Closes the handle at its end, or when the client goes away.
    return reply.send(handle.createReadStream({ ...part, highWaterMark: 65_536 }));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // O_NONBLOCK: opening a pipe would wait for its writer.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw ABSENT.has(code) ? new ServiceError(404, sentenceOf(404)) : error;
  }
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO']);

const etagOf = ({ ino, size, mtimeMs }: Stats): string =>
  `"${[ino, size, Math.round(mtimeMs * 1000)].map((part) => part.toString(36)).join('-')}"`;

function describe(reply: FastifyReply, file: SentFile, answer: FileAnswer, size: number): void {
  const part = answer.status === 206 ? answer : undefined;
  reply.headers({
    'content-type': file.type,
    'content-disposition': attachment(file.saveAs),
    'content-length': part === undefined ? size : part.last - part.first + 1,
    // If a browser shows it nevertheless, no script runs.
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  if (part !== undefined) reply.header('content-range', `bytes ${part.first}-${part.last}/${size}`);
}

/** `Content-Disposition` (RFC 6266): the name in UTF-8, and for old clients in ASCII. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
