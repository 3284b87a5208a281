import { createHash } from 'node:crypto';
import type { ServiceConfig } from '../compose/service-config.ts';
import { createSecretMask } from '../model/secret-mask.ts';
import { isSecret } from '../model/secrets.ts';

/**
 * The hash that `config --hash` prints for a service. It changes when the service does, without its secret values:
 * anyone who sees a plain hash could guess short ones. No key could keep them in, because the command needs no engine
 * and prints the same hash on every machine.
 */
export function configHash(service: Partial<ServiceConfig>): string {
  const mask = createSecretMask();
  mask.learn({ services: [service] });
  const withoutSecrets = JSON.stringify(service, (name, value: unknown) => {
    if (typeof value !== 'string') return value;
    return isSecret(name, value) ? '***' : mask.text(value);
  });
  return createHash('sha256').update(withoutSecrets).digest('hex');
}
