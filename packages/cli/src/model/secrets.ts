import type { Project } from './project.ts';
import type { ServiceFile } from './service.ts';

/** Names of environment variables and build args whose values are secret. */
const SECRET_NAME = /key|token|secret|password|passwd|pwd|credential|auth|private|dsn/i;
/** The user and password of a URL, up to the last `@` before its path: some passwords have one unescaped. */
const URL_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s/?#]+)@/gi;
/** Shorter ones would blot out half of any text, and protect nothing. */
const LEAST_LENGTH = 6;

/** Whether a variable's value is secret, by its name or by a password in a URL. */
export const isSecret = (name: string, value: string): boolean => SECRET_NAME.test(name) || hasPassword(value);

/** Whether a text has a URL with a password in it. */
export const hasPassword = (text: string): boolean => passwordsIn(text).length > 0;

/** Every secret value of a project, for keeping them out of what is told; the longest first. */
export function secretsOf({ services }: Project): string[] {
  const variables = services.flatMap(({ environment, build }) => [
    ...Object.entries(environment),
    ...Object.entries(build?.args ?? {}),
  ]);
  const named = variables.flatMap(([name, value]) => (value !== null && SECRET_NAME.test(name) ? [value] : []));
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

const passwordsIn = (text: string): string[] => [...text.matchAll(URL_PASSWORD)].map((match) => match[1] ?? '');

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}
