import { realpath } from 'node:fs/promises';
import { isSameOrigin, type Origin } from '../model/origin.ts';
import type { LedgerState } from '../model/release.ts';
import type { CommandContext } from './context.ts';

/** Where a deploy comes from: this machine, and the project directory with links resolved. */
export const originHere = async (
  { engine, host }: Pick<CommandContext, 'engine' | 'host'>,
  directory: string,
): Promise<Origin> => ({
  // A container has a new host name each time it is made. An engine reached through a socket knows the machine's name.
  host: CONTAINER.test(host) && engine.endpoint.local ? (await engine.info()).name || host : host,
  directory: await resolved(directory),
});

/** The default host name of a container. */
const CONTAINER = /^[0-9a-f]{12}$/;

/**
 * The other place that the project was last deployed from. Undefined if it is this place, if nothing is deployed, or if
 * the ledger does not say (older versions did not record it).
 */
export async function otherOrigin({ current, running }: LedgerState, here: Origin): Promise<Origin | undefined> {
  const last = (current ?? running)?.origin;
  if (typeof last?.host !== 'string' || typeof last.directory !== 'string') return undefined;
  if (isSameOrigin(last, here)) return undefined;
  // A directory that was moved may have left a link behind.
  if (last.host === here.host && (await resolved(last.directory)) === here.directory) return undefined;
  return last;
}

/** The path without symbolic links; unchanged if it does not exist. */
export const resolved = (path: string): Promise<string> => realpath(path).catch(() => path);
