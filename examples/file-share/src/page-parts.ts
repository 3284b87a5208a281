import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Html, verbatim } from '@lobbie/api/service/html';

/** What every page holds besides its text: in the page itself, so that one answer is all a browser needs. */
export interface PageParts {
  readonly style: Html;
  readonly script: Html;
  readonly icon: string;
  /** Content-Security-Policy: nothing but this style and this script, by their hashes, and nothing from elsewhere. */
  readonly policy: string;
}

/** Reads the parts from `page/` beside this file, or beside the bundle. */
export async function readPageParts(): Promise<PageParts> {
  const read = (file: string): Promise<string> => readFile(new URL(`page/${file}`, import.meta.url), 'utf8');
  const [style, script, icon] = await Promise.all([read('page.css'), read('page.js'), read('icon.svg')]);
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "connect-src 'self'",
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    style: verbatim(style),
    script: verbatim(script),
    icon: `data:image/svg+xml,${encodeURIComponent(icon.trim())}`,
    policy,
  };
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
