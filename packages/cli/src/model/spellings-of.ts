import { LEAST_LENGTH } from './secrets.ts';

/**
 * The forms that secrets can have in output: unchanged, as text in JSON, in a URL, and in base64. The longest come
 * first, so that masking a part of a secret never leaves the rest.
 */
export const spellingsOf = (secrets: readonly string[]): string[] =>
  [
    ...new Set(secrets.flatMap((secret) => [secret, ...inJson(secret), ...inUrl(secret), ...inBase64(secret)])),
  ].toSorted((a, b) => b.length - a.length);

/** As JavaScript and as Go write it. Go also escapes the characters of HTML. */
function inJson(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const goJson = json.replace(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  return [json, goJson];
}

/** In a path and in a query, with hexadecimal digits of either case. A password from a URL may be encoded already. */
function inUrl(secret: string): string[] {
  const plain = [secret, decoded(secret)].filter((text) => text.length >= LEAST_LENGTH);
  const encoded = plain.map((text) => encodeURIComponent(text.toWellFormed()));
  const inQuery = encoded.map((text) => text.replaceAll('%20', '+'));
  const all = [...encoded, ...inQuery];
  const lower = all.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [...plain, ...all, ...lower];
}

/** Empty if it is not a valid part of a URL. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Without the padding, because some programs leave it out. */
const inBase64 = (secret: string): string[] =>
  (['base64', 'base64url'] as const).map((form) =>
    Buffer.from(secret)
      .toString(form)
      .replace(/={1,2}$/, ''),
  );
