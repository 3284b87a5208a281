/** Markup: everything in it is meant to be there as it is. */
export interface Html {
  readonly html: string;
}

type Content = Html | string | number | undefined | readonly (Html | string | number | undefined)[];

/** A piece of HTML; what is put into it is escaped, unless it is {@link Html} itself. Undefined is nothing. */
export const html = (strings: TemplateStringsArray, ...contents: readonly Content[]): Html => ({
  html: String.raw({ raw: strings }, ...contents.map(render)),
});

/** Text that is markup already: a style sheet, a script, a drawing. Never anything that a client sent. */
export const verbatim = (markup: string): Html => ({ html: markup });

function render(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'object') return 'html' in content ? content.html : content.map(render).join('');
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
