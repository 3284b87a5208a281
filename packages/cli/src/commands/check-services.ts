import { LobbieError } from '../model/errors.ts';

/** @throws LobbieError `USAGE` if the project does not have one of the named services */
export function checkServices(project: string, services: readonly string[], named: readonly string[]): void {
  const missing = named.find((name) => !services.includes(name));
  if (missing === undefined) return;
  throw new LobbieError('USAGE', `Project ${project} has no service "${missing}".`, {
    hint: services.length === 0 ? 'It has no services.' : `Its services: ${services.join(', ')}.`,
  });
}
