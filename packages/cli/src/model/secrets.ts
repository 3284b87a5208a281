import type { Project } from './project.ts';
import type { ServiceFile } from './service.ts';

/** Parts of the names of environment variables and build args whose values are secret. */
const SECRET_PART =
  /key|token|secret|password|passwd|passphrase|passcode|pwd|credential|auth|private|dsn|jwt|cookie|bearer/i;
/** Ends of the words of such a name: `DB_PASS`, `PGPASS`, `dbPass2`, `HASH_SALT`, and `SESSION`, not `SESSION_DRIVER`. */
const SECRET_WORD = /(?:pass|salt|^pw)$/;
const LAST_SECRET_WORD = /session$/;
const HARMLESS_WORD = /(?:com|by|tres|sur|over|under)pass$/;
/** The user and password of a URL, up to the last `@` before its path: some passwords have one unescaped. */
const URL_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s/?#]+)@/gi;
/** `Server=x;Password=abc;`, `?sslmode=require&password=abc`, `--token=abc`, `{"secret":"abc"}`. */
const PAIR =
  /(?:(?<!com|by)pass(?:word|wd|phrase)?|pwd|secret|token|(?:access|account|api|private)[-_ ]?key)(?:\s*=\s*|["']\s*:\s*)(?:"([^"]+)"|'([^']+)'|([^\s;&"']+))/gi;
/** Shorter ones would blot out half of any text, and protect nothing. */
const LEAST_LENGTH = 6;

/** Whether a variable's value is secret, by its name or by a password in it. */
export const isSecret = (name: string, value: string): boolean => hasSecretName(name) || hasPassword(value);

/** Whether a text has a URL or a connection string with a password in it. */
export const hasPassword = (text: string): boolean => passwordsIn(text).length > 0;

/** Every secret value of a project, for keeping them out of what is told; the longest first. */
export function secretsOf({ services }: Project): string[] {
  const variables = services.flatMap(({ environment, build }) => [
    ...Object.entries(environment),
    ...Object.entries(build?.args ?? {}),
  ]);
  const named = variables.flatMap(([name, value]) => (value !== null && hasSecretName(name) ? [value] : []));
  const passwords = stringsIn(services).flatMap(passwordsIn);
  const files = services.flatMap((service) => service.files.flatMap(secretsIn));
  const values = [...named, ...passwords, ...files].filter((value) => value.length >= LEAST_LENGTH);
  return [...new Set(values)].toSorted((a, b) => b.length - a.length);
}

/** The text with every secret replaced by `***`. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);

/** A secret's content whole, as a program would print it, each of its lines, and as it lies in a request. */
function secretsIn({ kind, content }: ServiceFile): string[] {
  if (kind !== 'secret') return [];
  const text = Buffer.from(content, 'base64').toString('utf8');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [text, text.trim(), ...lines, content];
}

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
  const inUrls = [...text.matchAll(URL_PASSWORD)].map(([, password = '']) => password);
  // Some separate pairs by commas, and some passwords have one.
  const inPairs = [...text.matchAll(PAIR)].flatMap(([, double, single, bare = '']) => {
    const value = double ?? single ?? bare;
    return [value, value.replace(/,.*$/s, '')];
  });
  return [...inUrls, ...inPairs];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}
