import multipart from '@fastify/multipart';
import { preferredType } from '@lobbie/api/service/preferred-type';
import { absoluteUrl } from '@lobbie/api/service/proxy-config';
import { ServiceError } from '@lobbie/api/service/service-error';
import { bodyOf, streamBodies } from '@lobbie/api/service/stream-bodies';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { downloadPath } from './add-download-routes.ts';
import { taken, tooLarge } from './draft.ts';
import { parseUploadName } from './file-name.ts';
import type { FileShareConfig } from './file-share-config.ts';
import type { Folder } from './folder.ts';
import { receiveForm } from './receive-form.ts';
import { formBody, formSchema, rawBody, rawSchema } from './schemas.ts';

/** What a form adds to the file in it, at most: its boundaries, and the name. */
const FORM_BYTES = 16_384;

/** `POST /upload`, a form with one file, and `POST /upload/<name>`, nothing but its bytes. */
export function addUploadRoutes(app: FastifyInstance, folder: Folder, config: FileShareConfig): void {
  const { ALLOWED_EXTENSIONS, MAX_FILE_BYTES, BASE_URL } = config;

  const answerCreated = (request: FastifyRequest, reply: FastifyReply, filename: string): FastifyReply => {
    const url = absoluteUrl(request, downloadPath(filename), BASE_URL);
    return reply.code(201).header('location', url).send({ filename, url });
  };

  const refuseTooLarge = (request: FastifyRequest, besides: number): void => {
    if (Number(request.headers['content-length']) > MAX_FILE_BYTES + besides) {
      throw new ServiceError(413, tooLarge(MAX_FILE_BYTES));
    }
  };

  app.register(async (scope) => {
    // Otherwise JSON would be parsed, and refused for what is wrong with it.
    scope.removeContentTypeParser('application/json');
    await scope.register(multipart, { preservePath: true, throwFileSizeLimit: false });
    scope.post('/upload', { schema: formSchema, config: { describedBody: formBody } }, async (request, reply) => {
      refuseTooLarge(request, FORM_BYTES);
      const filename = await receiveForm(request, folder, ALLOWED_EXTENSIONS);
      reply.header('vary', 'accept');
      if (preferredType(request.headers.accept, ['text/html', 'application/json']) === 'text/html') {
        return reply.redirect('/upload', 303);
      }
      return answerCreated(request, reply, filename);
    });
  });

  app.register(async (scope) => {
    streamBodies(scope);
    scope.post<{ Params: { name: string } }>(
      '/upload/:name',
      { schema: rawSchema, config: { describedBody: rawBody, takesEmptyParameter: true } },
      async (request, reply) => {
        const filename = parseUploadName(request.params.name, ALLOWED_EXTENSIONS);
        refuseTooLarge(request, 0);
        if (await folder.has(filename)) throw new ServiceError(409, taken(filename));
        {
          // Removed before the answer, so that a client with the answer finds no draft.
          await using draft = await folder.receive(bodyOf(request), Number(request.headers['content-length'] ?? 0));
          await draft.publish(filename);
        }
        return answerCreated(request, reply, filename);
      },
    );
  });
}
