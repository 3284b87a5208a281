import { LobbieError } from '../model/errors.ts';

/** @throws LobbieError `USAGE` when the project lacks one of the services that were named */
export function checkServices(project: string, services: readonly string[], named: readonly string[]): void {
  const missing = named.find((name) => !services.includes(name));
  if (missing === undefined) return;
  throw new LobbieError('USAGE', `Project ${project} has no service "${missing}".`, {
    hint: services.length === 0 ? 'It has none.' : `Its services: ${services.join(', ')}.`,
  });
}
