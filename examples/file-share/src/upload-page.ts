import { extname } from 'node:path';
import { type Html, html } from '@lobbie/api/service/html';
import { downloadPath } from './add-download-routes.ts';
import { listOf } from './file-name.ts';
import type { FileShareConfig } from './file-share-config.ts';
import type { StoredFile } from './list-files.ts';
import { pageFrame } from './page-frame.ts';
import type { PageParts } from './page-parts.ts';
import { sizeOf } from './size-of.ts';

/** The page: a form, which works without its script, and the list of files. */
export function uploadPage(
  parts: PageParts,
  { ALLOWED_EXTENSIONS, MAX_FILE_BYTES }: Pick<FileShareConfig, 'ALLOWED_EXTENSIONS' | 'MAX_FILE_BYTES'>,
  files: readonly StoredFile[],
): string {
  const kinds = [...ALLOWED_EXTENSIONS];
  return pageFrame(
    parts,
    'File share',
    html`<main>
<h1>File share</h1>
<form id="upload" action="/upload" method="post" enctype="multipart/form-data"
  data-max-bytes="${MAX_FILE_BYTES}" data-max-size="${sizeOf(MAX_FILE_BYTES)}" data-kinds="${kinds.join(' ')}">
  <label class="pick" for="file"><strong>Choose <span class="one">a file</span><span class="several">files</span></strong><span class="drop"> or drop them here</span></label>
  <input id="file" name="file" type="file" required aria-describedby="rules"
    accept="${kinds.map((kind) => `.${kind}`).join(',')}">
  <p id="rules">${listOf(kinds)}, up to ${sizeOf(MAX_FILE_BYTES)}. Each name can be used once.</p>
  <div class="actions">
    <button id="send" type="submit">Upload</button>
    <button id="cancel" type="button" class="quiet" hidden>Cancel</button>
  </div>
  <div id="going" hidden>
    <label id="going-name" for="progress" aria-live="polite"></label>
    <progress id="progress" max="100" value="0"></progress>
    <p id="going-bytes" aria-hidden="true"></p>
  </div>
  <p id="status" role="status"></p>
  <p id="problem" role="alert"></p>
</form>
<section id="files" aria-labelledby="files-title">
<h2 id="files-title">${headingOf(files.length)}</h2>
${files.length === 0 ? html`<p class="empty">What is uploaded is listed here, for everyone who can open this page.</p>` : html`<ul role="list">${files.map(fileItem)}</ul>`}
</section>
</main>
<script>${parts.script}</script>`,
  );
}

const headingOf = (count: number): string => (count === 0 ? 'No files yet' : count === 1 ? '1 file' : `${count} files`);

const fileItem = ({ name, size, modifiedAt }: StoredFile): Html => html`
<li><a href="${downloadPath(name)}" download><span class="kind" aria-hidden="true">${extname(name).slice(1, 5)}</span><bdi class="name">${name}</bdi></a>
<span class="facts">${sizeOf(size)} <span aria-hidden="true">·</span> <time datetime="${modifiedAt.toISOString()}">${DAY.format(modifiedAt)}</time></span></li>`;

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
