/** HTML that is safe to send as it is. */
export interface Html {
  readonly html: string;
}

type Content = Html | string | number | undefined | readonly (Html | string | number | undefined)[];

/** A piece of HTML. Values in it are escaped, unless they are {@link Html} themselves. Undefined becomes nothing. */
export const html = (strings: TemplateStringsArray, ...contents: readonly Content[]): Html => ({
  html: String.raw({ raw: strings }, ...contents.map(render)),
});

/** Marks text as HTML: a style sheet, a script, a drawing. Never use it for text that a client sent. */
export const verbatim = (markup: string): Html => ({ html: markup });

function render(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'object') return 'html' in content ? content.html : content.map(render).join('');
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
