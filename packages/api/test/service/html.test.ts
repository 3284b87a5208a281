import { describe, expect, it } from 'vitest';
import { html, verbatim } from '../../src/service/html.ts';

describe('html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    expect(html`<a title="${`"'`}">${'<b>&'}</a>`.html).toBe('<a title="&#34;&#39;">&#60;b&#62;&#38;</a>');
  });

  it('keeps markup, joins lists, and leaves out what is undefined', () => {
    const items = ['<', 2].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}${undefined}</ul>${verbatim('<hr>')}`.html).toBe('<ul><li>&#60;</li><li>2</li></ul><hr>');
  });
});
