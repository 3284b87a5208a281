import type { MultipartFile } from '@fastify/multipart';
import { ServiceError } from '@lobbie/api/service/service-error';
import type { FastifyRequest } from 'fastify';
import { type Draft, taken } from './draft.ts';
import { parseUploadName } from './file-name.ts';
import type { Folder } from './folder.ts';

/** The field of the form that the file is in. */
const FIELD = 'file';

/** More parts than a form with one file could have, and few enough to be read. */
const LIMITS = { parts: 20, fields: 20, fieldSize: 65_536, fileSize: Number.MAX_SAFE_INTEGER };

/**
 * Stores the one file of a multipart form and gives its name. It is published when the whole form has arrived and there is
 * nothing wrong with it. Rejects with a ServiceError that says what is.
 */
export async function receiveForm(
  request: FastifyRequest,
  folder: Folder,
  allowed: ReadonlySet<string>,
): Promise<string> {
  let received: { readonly name: string; readonly draft: Draft } | undefined;
  try {
    for await (const part of request.parts({ limits: LIMITS })) {
      if (part.type === 'field') {
        if (part.fieldname === FIELD) throw new ServiceError(400, `The field "${FIELD}" of the form holds no file.`);
        continue;
      }
      if (part.fieldname !== FIELD) throw new ServiceError(400, `The file has to be in the field "${FIELD}".`);
      if (received !== undefined) throw new ServiceError(400, 'Only one file can be uploaded at a time.');
      const name = parseUploadName(nameOf(part), allowed);
      if (await folder.has(name)) throw new ServiceError(409, taken(name));
      received = { name, draft: await folder.receive(part.file) };
    }
    if (received === undefined) throw new ServiceError(400, `The form has no file in the field "${FIELD}".`);
    await received.draft.publish(received.name);
    return received.name;
  } catch (error) {
    throw isBrokenForm(error) ? new ServiceError(400, 'The form is not complete.') : error;
  } finally {
    await received?.draft[Symbol.asyncDispose]();
  }
}

/** Browsers write these three characters of a name with a percent sign, and no others (HTML, multipart/form-data). */
const nameOf = ({ filename }: MultipartFile): string =>
  (filename ?? '').replace(/%(22|0a|0d)/gi, (_escape, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** What the parser rejects with is a plain error, or one of the client's connection. */
const isBrokenForm = (error: unknown): boolean =>
  error instanceof Error && ('code' in error ? CUT_OFF.has(String(error.code)) : error.name === 'Error');

const CUT_OFF = new Set(['ECONNRESET', 'FST_PREMATURE_CLOSE', 'ERR_STREAM_PREMATURE_CLOSE']);
