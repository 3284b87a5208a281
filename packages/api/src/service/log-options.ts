import type { FastifyServerOptions } from 'fastify';
import type { ServiceConfig } from './service-config.ts';

/** Where log lines go. Default: standard output. */
export interface LogStream {
  write(line: string): void;
}

/** Pino's options: JSON lines, without keys, authorization and query strings, and with masked passwords in URLs. */
export function logOptions(
  config: Pick<ServiceConfig, 'LOG_LEVEL'>,
  stream?: LogStream,
): Exclude<FastifyServerOptions['logger'], boolean | undefined> {
  return {
    level: config.LOG_LEVEL,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: {
      // The query or a header may contain a key, so neither is logged.
      req: (request) => ({
        id: request.id,
        method: request.method,
        path: request.url?.split('?', 1)[0],
        remote: request.ip,
      }),
      err: (error) => ({
        type: error.name,
        message: maskPasswords(String(error.message)),
        stack: maskPasswords(String(error.stack ?? '')),
        ...(error.code === undefined ? {} : { code: error.code }),
        // The cause contains what the client does not see.
        ...(error.cause instanceof Error ? { cause: maskPasswords(String(error.cause.message)) } : {}),
      }),
    },
    ...(stream === undefined ? {} : { stream }),
  };
}

/** Replaces the password in every URL of a text: `postgres://app:secret@db` → `postgres://app:***@db`. */
export const maskPasswords = (text: string): string => text.replaceAll(/(:\/\/[^\s:/@]*:)[^\s/@]+@/g, '$1***@');

const SECRETS = ['authorization', 'cookie', '["set-cookie"]', '["x-api-key"]', 'password', 'token', 'apiKey', 'secret'];
const join = (parent: string, key: string) => (key.startsWith('[') ? parent + key : `${parent}.${key}`);
const REDACTED = [
  ...SECRETS,
  ...SECRETS.map((key) => join('*', key)),
  ...SECRETS.map((key) => join('headers', key)),
  ...SECRETS.map((key) => join('*.headers', key)),
  'API_KEY',
  '*.API_KEY',
];
