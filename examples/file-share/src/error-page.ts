import type { ErrorPage } from '@lobbie/api/service/answer-error';
import { html } from '@lobbie/api/service/html';
import { preferredType } from '@lobbie/api/service/preferred-type';
import { pageFrame } from './page-frame.ts';
import type { PageParts } from './page-parts.ts';

/**
 * Errors as pages: those of the form unless JSON is asked for, and those of all else where HTML is liked better, as
 * browsers do.
 */
export const errorPageOf =
  (parts: PageParts): ErrorPage =>
  (request, { status, sentence }) => {
    const isForm = request.method === 'POST' && request.routeOptions?.url === '/upload';
    const offered = isForm
      ? (['text/html', 'application/json'] as const)
      : (['application/json', 'text/html'] as const);
    if (preferredType(request.headers.accept, offered) !== 'text/html') return undefined;
    const title = TITLES.get(status) ?? (status < 500 ? 'That did not work' : 'Something went wrong');
    return pageFrame(
      parts,
      `${title} – File share`,
      html`<main class="error">
<p class="code">${status}</p>
<h1>${title}</h1>
<p class="sentence">${sentence}</p>
<p><a class="button" href="/upload">Back to the files</a></p>
</main>`,
    );
  };

const TITLES = new Map([
  [404, 'Not found'],
  [409, 'The name is taken'],
  [413, 'Too large'],
  [507, 'No room left'],
]);
