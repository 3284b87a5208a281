import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@lobbie/api/service/parse-config';
import type { InjectOptions } from 'fastify';
import { buildFileShare } from '../src/build-file-share.ts';
import { fileShareShape } from '../src/file-share-config.ts';

/** The service on an empty folder of its own, which goes away with it. */
export async function testShare(env: Record<string, string> = {}, folder?: string) {
  const directory = folder ?? mkdtempSync(join(tmpdir(), 'file-share-'));
  const lines: string[] = [];
  const config = parseConfig(fileShareShape, { FILES_DIR: directory, HOST: '127.0.0.1', ...env });
  const logStream = { write: (line: string) => void lines.push(line) };
  const { app, lifecycle } = await buildFileShare({ config, version: '1.0.0', nowMs: Date.now, logStream });
  return {
    app,
    lifecycle,
    directory,
    logged: () => lines.join(''),
    /** Bytes under a name. */
    put: (name: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url: `/upload/${encodeURIComponent(name)}`, payload, headers }),
    /** A form; answered in JSON unless told otherwise. */
    form: (parts: readonly FormPart[], headers: Record<string, string> = { accept: 'application/json' }) =>
      app.inject(formOf(parts, headers)),
    async [Symbol.asyncDispose]() {
      await app.close();
      if (folder === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A part of a form: a file where it has a file name. */
export interface FormPart {
  readonly field?: string;
  readonly filename?: string | Buffer;
  readonly content: string | Buffer;
}

/** A form as browsers send it. */
export function formOf(parts: readonly FormPart[], headers: Record<string, string>): InjectOptions {
  const pieces = parts.flatMap(({ field = 'file', filename, content }) => [
    Buffer.from(`--b\r\ncontent-disposition: form-data; name="${field}"`),
    ...(filename === undefined ? [] : [Buffer.from('; filename="'), Buffer.from(filename), Buffer.from('"')]),
    Buffer.from(filename === undefined ? '\r\n\r\n' : '\r\ncontent-type: application/octet-stream\r\n\r\n'),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return {
    method: 'POST',
    url: '/upload',
    headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
    payload: Buffer.concat([...pieces, Buffer.from('--b--\r\n')]),
  };
}
