import { createHmac } from 'node:crypto';
import type { Build } from '../../model/build.ts';
import { isSecret } from '../../model/secrets.ts';

/**
 * Build args with secret values replaced by a fingerprint, for the hash in an image's tag: from a plain hash a short
 * secret could be guessed.
 *
 * @param key of the ledger
 */
export const fingerprintArgs = (args: Build['args'], key: string): Build['args'] =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      isSecret(name, value) ? createHmac('sha256', key).update(value).digest('hex') : value,
    ]),
  );
