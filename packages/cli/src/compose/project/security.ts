import { resolve } from 'node:path';
import type { ServiceConfig } from '../service-config.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import type { Reading } from './reading.ts';

/** `security_opt` for the engine. If an option names a profile's file, its content is sent, as in Docker Compose. */
export async function securityOptions(
  reading: Reading,
  path: string,
  { security_opt: options }: ServiceConfig,
): Promise<string[] | undefined> {
  if (options === undefined) return undefined;
  return Promise.all(options.map((option, index) => securityOption(reading, `${path}.security_opt[${index}]`, option)));
}

async function securityOption(reading: Reading, path: string, option: string): Promise<string> {
  const [, key, value = ''] = /^([^=:]+)(?:[=:](.*))?$/s.exec(option) ?? [];
  if (key !== 'seccomp' || value === 'unconfined' || value === 'builtin') return option;
  const file = resolve(reading.directory, value);
  try {
    const profile = (await reading.readFile(file)).toString('utf8');
    return `seccomp=${JSON.stringify(JSON.parse(profile))}`;
  } catch (error) {
    reading.problem(path, error instanceof SyntaxError ? `${file} is not valid JSON` : whyUnreadable(file, error));
    return option;
  }
}
