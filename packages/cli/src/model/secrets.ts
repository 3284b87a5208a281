import type { ServiceFile } from './service.ts';

/** Parts of the names of environment variables and build args whose values are secret. */
const SECRET_PART =
  /key|token|secret|password|passwd|passphrase|passcode|pwd|credential|auth|private|dsn|jwt|cookie|bearer/i;
/**
 * Ends of words in such names: `DB_PASS`, `PGPASS`, `dbPass2`, `HASH_SALT`, and `SESSION`, but not `SESSION_DRIVER`.
 */
const SECRET_WORD = /(?:pass|salt|^pw)$/;
const LAST_SECRET_WORD = /session$/;
const HARMLESS_WORD = /(?:com|by|tres|sur|over|under)pass$/;
/** The part of a URL between the scheme and the path. */
const AUTHORITY = /[a-z0-9+.-]:\/\/([^\s/?#]*)/gi;
/** The name in `Server=x;Password=abc;`, `?sslmode=require&password=abc`, `--token=abc`, `{"secret":"abc"}`. */
const PAIR_NAME = /(pass(?:word|wd|phrase)?|pwd|secret|token|key)(?:\s*=|["']\s*:)\s*/gi;
/** Words before `key` that make it a secret's name. */
const KEY_OWNER = /(?:access|account|api|private)[-_ ]?$/i;
const HARMLESS_PASS = /(?:com|by)$/i;
const LONGEST_OWNER = 8;
const PAIR_VALUE = /"([^"]+)"|'([^']+)'|([^\s;&"']+)/y;
/** Masking shorter secrets would hide half of any text and protect nothing. */
export const LEAST_LENGTH = 6;

/** Whether a variable's value is secret, because of its name or because it contains a password. */
export const isSecret = (name: string, value: string): boolean => hasSecretName(name) || hasPassword(value);

/** Whether a text contains a URL or a connection string with a password. */
export const hasPassword = (text: string): boolean => passwordsIn(text).length > 0;

/** The parts of a project, or of its files, that can contain a secret. */
export interface SecretHolders {
  readonly services: readonly {
    readonly environment?: Readonly<Record<string, string | null>>;
    readonly build?: { readonly args?: Readonly<Record<string, string | null>> } | undefined;
    readonly files?: readonly ServiceFile[];
  }[];
}

/** Every secret value of a project, to mask in output; the longest first. */
export function secretsOf({ services }: SecretHolders): string[] {
  const variables = services.flatMap(({ environment, build }) => [
    ...Object.entries(environment ?? {}),
    ...Object.entries(build?.args ?? {}),
  ]);
  const named = variables.flatMap(([name, value]) => (value !== null && hasSecretName(name) ? withLines(value) : []));
  // Configs are not secret, and they may be large.
  const passwords = services.flatMap(({ files: _files, ...service }) => stringsIn(service).flatMap(passwordsIn));
  const files = services.flatMap((service) => (service.files ?? []).flatMap(secretsIn));
  const values = [...named, ...passwords, ...files].filter((value) => value.length >= LEAST_LENGTH);
  return [...new Set(values)].toSorted((a, b) => b.length - a.length);
}

/** The forms of a secret's content in output: the whole text, each line, and as encoded in a request. */
function secretsIn({ kind, content }: ServiceFile): string[] {
  if (kind !== 'secret') return [];
  const text = Buffer.from(content, 'base64').toString('utf8');
  return [...withLines(text), content];
}

/** A program may print a text whole, without the space around it, or a line at a time. */
const withLines = (text: string): string[] => [text, text.trim(), ...text.split(/\r?\n/).map((line) => line.trim())];

function hasSecretName(name: string): boolean {
  if (SECRET_PART.test(name)) return true;
  const words = name
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return (
    words.some((word) => SECRET_WORD.test(word) && !HARMLESS_WORD.test(word)) ||
    LAST_SECRET_WORD.test(words.at(-1) ?? '')
  );
}

function passwordsIn(text: string): string[] {
  const inUrls = [...text.matchAll(AUTHORITY)].flatMap(([, authority = '']) => passwordOf(authority));
  // Some programs separate pairs by commas, and some passwords contain a comma.
  const inPairs = pairValues(text).flatMap((value) => [value, value.split(',', 1)[0] ?? '']);
  return [...inUrls, ...inPairs];
}

/** The values of pairs whose name marks a secret. Text that is read as a value is not searched for names again. */
function pairValues(text: string): string[] {
  const values: string[] = [];
  let end = 0;
  for (const match of text.matchAll(PAIR_NAME)) {
    const [whole, name = ''] = match;
    if (match.index < end || !namesSecret(name, text.slice(Math.max(0, match.index - LONGEST_OWNER), match.index)))
      continue;
    PAIR_VALUE.lastIndex = match.index + whole.length;
    const [, double, single, bare] = PAIR_VALUE.exec(text) ?? [];
    const value = double ?? single ?? bare;
    if (value === undefined) continue;
    values.push(value);
    end = PAIR_VALUE.lastIndex;
  }
  return values;
}

function namesSecret(name: string, before: string): boolean {
  if (/^key$/i.test(name)) return KEY_OWNER.test(before);
  return !/^pass/i.test(name) || !HARMLESS_PASS.test(before);
}

/** The password of `user:password@host`, up to the last `@`, because some passwords contain an unescaped one. */
function passwordOf(authority: string): string[] {
  const [user = '', ...rest] = authority.slice(0, Math.max(0, authority.lastIndexOf('@'))).split(':');
  const password = rest.join(':');
  return user.includes('@') || password === '' ? [] : [password];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}
