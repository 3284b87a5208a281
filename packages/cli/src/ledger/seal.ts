import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { LobbieError } from '../model/errors.ts';
import { ledgerVolumeName } from '../model/names.ts';
import type { Release } from '../model/release.ts';
import { hasPassword, isSecret } from '../model/secrets.ts';

const MARK = 'lobbie-sealed:';
/** Follows the mark if a value is bound to its place. A lobbie that does not know it cannot decrypt the value. */
const BOUND = 'v2:';
/** Hex digits that identify the key. They tell a value that was moved from one whose key was lost. */
const KEY_NAME_LENGTH = 8;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Parts of a service that map names to values. */
const VARIABLES = new Set(['environment', 'args']);

/**
 * Encrypts every secret value of a release, so that none can be read in the ledger's files; see
 * docs/decisions/secrets-in-the-ledger.md. Each value is bound to its project, release and place.
 *
 * @param key of the ledger, 64 hex digits
 */
export const sealRelease = (release: Release, key: string): Release => {
  const keys = keysOf(key);
  // The shape stays what it was: strings become strings.
  return walk(release, (text, name, path) =>
    needsSeal(text, name) ? seal(text, keys, placeOf(release, path)) : text,
  ) as Release;
};

/**
 * Reverses {@link sealRelease}. Throws if it was sealed with another key, and `INVALID_INPUT` if a value is not at the
 * place where it was sealed.
 */
export const unsealRelease = (release: Release, key: string): Release => {
  const keys = keysOf(key);
  return walk(release, (text, _name, path) =>
    text.startsWith(MARK) ? unseal(text, keys, release, path) : text,
  ) as Release;
};

// A value that already looks sealed is sealed too, so that unsealing returns the original.
const needsSeal = (text: string, variable: string | undefined): boolean =>
  text.startsWith(MARK) || (variable === undefined ? hasPassword(text) : isSecret(variable, text));

type Path = readonly (string | number)[];

/** Maps every string of a value. `variable` is the name of a variable, or marks a secret's content. */
function walk(
  value: unknown,
  map: (text: string, variable: string | undefined, path: Path) => string,
  path: Path = [],
): unknown {
  if (typeof value === 'string') return map(value, undefined, path);
  if (Array.isArray(value)) return value.map((item, index) => walk(item, map, [...path, index, ...nameOf(item)]));
  if (value === null || typeof value !== 'object') return value;
  const file = fileKind(value);
  const parent = path.at(-1) ?? '';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      const at = [...path, name];
      if (typeof inner !== 'string') return [name, walk(inner, map, at)];
      // Configs are never secret.
      if (file !== undefined && name === 'content')
        return [name, file === 'secret' ? map(inner, SECRET_FILE, at) : inner];
      return [name, map(inner, VARIABLES.has(String(parent)) ? name : undefined, at)];
    }),
  );
}

/** A name under which every value is secret. */
const SECRET_FILE = 'secret';

/** See `ServiceFile`. */
const fileKind = (value: object): unknown =>
  'kind' in value && 'target' in value && 'content' in value ? value.kind : undefined;

/** The name of a list item, such as a service. A number alone would not identify it. */
const nameOf = (item: unknown): string[] =>
  item !== null && typeof item === 'object' && 'name' in item && typeof item.name === 'string' ? [item.name] : [];

const placeOf = ({ id, project }: Release, path: Path): Buffer =>
  Buffer.from(JSON.stringify(['lobbie', project.name, id, ...path]));

/** Keys derived from the ledger's key, which is itself for fingerprints. */
interface Keys {
  readonly cipher: Buffer;
  /** Identifies the key without revealing anything about it. */
  readonly name: string;
}

const keysOf = (key: string): Keys => {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), '', purpose, bytes));
  return {
    cipher: derive('lobbie ledger', 32),
    name: derive('lobbie ledger key name', KEY_NAME_LENGTH / 2).toString('hex'),
  };
};

function seal(text: string, { cipher: key, name }: Keys, place: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(place);
  const sealed = [cipher.update(text, 'utf8'), cipher.final()];
  return `${MARK}${BOUND}${name}:${Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64')}`;
}

function unseal(text: string, { cipher, name }: Keys, release: Release, path: Path): string {
  const content = text.slice(MARK.length);
  // Sealed by an older version, which did not bind values to a place.
  if (!content.startsWith(BOUND)) return open(content, cipher);
  const [, keyName, sealed = ''] = content.split(':');
  if (keyName !== name) throw new Error('sealed with another key');
  try {
    return open(sealed, cipher, placeOf(release, path));
  } catch (cause) {
    throw new LobbieError(
      'INVALID_INPUT',
      `The ledger of project ${release.project.name} was changed: ${path.join('.')} of release ${release.id} was not sealed for this place.`,
      {
        hint: `Restore the volume ${ledgerVolumeName(release.project.name)} from a copy. Without a copy, find out who can write to it before you deploy again.`,
        cause,
      },
    );
  }
}

function open(sealed: string, key: Buffer, place?: Buffer): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  if (place !== undefined) decipher.setAAD(place);
  return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
