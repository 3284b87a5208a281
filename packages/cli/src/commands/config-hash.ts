import { createHash } from 'node:crypto';
import { isSecret } from '../model/secrets.ts';

/**
 * What `config --hash` prints of a service: it changes when the service does. Secret values are left out, for anyone who
 * sees a hash could try short ones until it fits. There is no key that could keep them in: the command needs no engine,
 * and gives the same on every machine.
 */
export const configHash = (service: object): string =>
  createHash('sha256')
    .update(
      JSON.stringify(service, (name, value: unknown) =>
        typeof value === 'string' && isSecret(name, value) ? '***' : value,
      ),
    )
    .digest('hex');
