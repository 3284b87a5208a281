import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Release } from '../model/release.ts';
import { hasPassword, isSecret } from '../model/secrets.ts';

const MARK = 'lobbie-sealed:';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Parts of a service that map names to values. */
const VARIABLES = new Set(['environment', 'args']);

/**
 * A release with every secret value encrypted, so that none can be read in the ledger's files; see
 * docs/decisions/secrets-in-the-ledger.md.
 *
 * @param key of the ledger, 64 hex digits
 */
export const sealRelease = (release: Release, key: string): Release => {
  const cipherKey = derive(key);
  // The shape stays what it was: strings become strings.
  return walk(release, (text, name) => (needsSeal(text, name) ? seal(text, cipherKey) : text)) as Release;
};

/** The release as it was before {@link sealRelease}. Throws when it was sealed with another key. */
export const unsealRelease = (release: Release, key: string): Release => {
  const cipherKey = derive(key);
  return walk(release, (text) => (text.startsWith(MARK) ? unseal(text, cipherKey) : text)) as Release;
};

// What looks sealed already is sealed too, so that opening it gives back what it was.
const needsSeal = (text: string, variable: string | undefined): boolean =>
  text.startsWith(MARK) || (variable === undefined ? hasPassword(text) : isSecret(variable, text));

/** Maps every string of a value; `variable` is its name where it is the value of a variable, or a secret's content. */
function walk(value: unknown, map: (text: string, variable: string | undefined) => string, parent = ''): unknown {
  if (typeof value === 'string') return map(value, undefined);
  if (Array.isArray(value)) return value.map((item) => walk(item, map));
  if (value === null || typeof value !== 'object') return value;
  const secret = isSecretFile(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      if (typeof inner !== 'string') return [name, walk(inner, map, name)];
      if (secret && name === 'content') return [name, map(inner, SECRET_FILE)];
      return [name, map(inner, VARIABLES.has(parent) ? name : undefined)];
    }),
  );
}

/** A name under which every value is secret. */
const SECRET_FILE = 'secret';

/** See `ServiceFile`. */
const isSecretFile = (value: object): boolean =>
  'kind' in value && value.kind === 'secret' && 'target' in value && 'content' in value;

/** A key of its own: that of the ledger is for fingerprints. */
const derive = (key: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), '', 'lobbie ledger', 32));

function seal(text: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  const sealed = [cipher.update(text, 'utf8'), cipher.final()];
  return MARK + Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64');
}

function unseal(text: string, key: Buffer): string {
  const bytes = Buffer.from(text.slice(MARK.length), 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
