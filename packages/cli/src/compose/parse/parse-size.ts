const POWERS = 'kmgtp';

/** Bytes in `64m`, `1 gb`, `1.5GiB` or `1024`, with units of base 1024; undefined if the text is not a size. */
export function parseSize(text: string): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+) ?(?:b|([kmgtp])(?:b|ib)?)?$/i.exec(text);
  if (match === null) return undefined;
  const power = match[2] === undefined ? 0 : POWERS.indexOf(match[2].toLowerCase()) + 1;
  return Math.trunc(Number(match[1]) * 1024 ** power);
}
