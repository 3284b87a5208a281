import { InvalidArgumentError } from 'commander';
import { LobbieError } from './model/errors.ts';
import { MOST_REPLICAS } from './model/most-replicas.ts';

/** With service, number and release added, a container's name must still be a valid DNS name. */
const LONGEST_PROJECT = 40;

/** A parser for commander, which prints the error beside the name of the option. */
export const argument =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof LobbieError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

/** The same for an argument that can be repeated. */
export const argumentList =
  <T>(parse: (text: string) => T) =>
  (text: string, before: readonly T[] | undefined): T[] => [...(before ?? []), argument(parse)(text)];

/** `17` */
export function parseWholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new LobbieError('USAGE', `Expected a whole number, got "${text}".`);
}

/** `17`, but not 0 */
export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1) return count;
  throw new LobbieError('USAGE', `Expected a whole number of 1 or more, got "${text}".`);
}

/** Seconds, from 1 to a day; gives milliseconds. */
export function parseSeconds(text: string): number {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= 86_400) return seconds * 1000;
  throw new LobbieError('USAGE', `Expected 1 to 86400 seconds, got "${text}".`);
}

/** A number of replicas, 1 to 500. */
export function parseReplicas(text: string): number {
  const replicas = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (replicas >= 1 && replicas <= MOST_REPLICAS) return replicas;
  throw new LobbieError(
    'USAGE',
    `Expected 1 to ${MOST_REPLICAS} replicas, got "${text}". To stop everything, run \`lobbie down\`.`,
  );
}

/** `api=5` */
export function parseAssignment(text: string): [service: string, replicas: number] {
  const [, service, count] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (service !== undefined && count !== undefined) return [service, parseReplicas(count)];
  throw new LobbieError('USAGE', `Expected a service and its number of replicas, such as api=5, got "${text}".`);
}

/** A project name that Compose accepts and that is short enough for the names that begin with it. */
export function parseProjectName(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(text) && text.length <= LONGEST_PROJECT) return text;
  throw new LobbieError(
    'USAGE',
    `Expected at most ${LONGEST_PROJECT} lower-case letters, digits, "-" and "_", got "${text}".`,
  );
}
