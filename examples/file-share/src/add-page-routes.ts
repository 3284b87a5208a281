import type { FastifyInstance } from 'fastify';
import type { FileShareConfig } from './file-share-config.ts';
import type { Folder } from './folder.ts';
import type { PageParts } from './page-parts.ts';
import { pageSchema, rootSchema } from './schemas.ts';
import { uploadPage } from './upload-page.ts';

/** `GET /`, which leads to the page, and `GET /upload`, the page. Every answer gets the headers that browsers heed. */
export function addPageRoutes(app: FastifyInstance, folder: Folder, config: FileShareConfig, parts: PageParts): void {
  const headers = {
    'content-security-policy': parts.policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  // With the answer: a request that is refused early on does not come by any earlier hook of this service.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A download has a policy of its own.
    reply.headers({ ...headers, ...reply.getHeaders() });
    done();
  });

  app.get('/', { schema: rootSchema }, (_request, reply) => reply.redirect('/upload', 302));

  app.get('/upload', { schema: pageSchema }, async (_request, reply) => {
    reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    return uploadPage(parts, config, await folder.list());
  });
}
