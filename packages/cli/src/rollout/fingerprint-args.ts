import { createHmac } from 'node:crypto';
import type { Build } from '../model/project.ts';
import { isSecret } from '../model/secrets.ts';

/**
 * Build args with secret values replaced by a fingerprint, for the hash in an image's tag: from a plain hash a short
 * secret could be guessed.
 *
 * @param key of the ledger; waited for only where an arg is secret
 */
export async function fingerprintArgs(args: Build['args'], key: Promise<string>): Promise<Build['args']> {
  const entries = await Promise.all(
    Object.entries(args).map(async ([name, value]) => [
      name,
      isSecret(name, value)
        ? createHmac('sha256', await key)
            .update(value)
            .digest('hex')
        : value,
    ]),
  );
  return Object.fromEntries(entries);
}
