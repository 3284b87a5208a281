import { type Html, html } from '@lobbie/api/service/html';
import type { PageParts } from './page-parts.ts';

/** A whole page around what is its own. */
export function pageFrame({ style, icon }: PageParts, title: string, content: Html): string {
  // No space around the style: its hash is of exactly these characters.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
${content}
</body>
</html>
`.html;
}
