import { realpath } from 'node:fs/promises';
import { isSameOrigin, type Origin } from '../model/origin.ts';
import type { LedgerState } from '../model/release.ts';
import type { CommandContext } from './context.ts';

/** The place that a deploy is typed for: this machine, and the project directory with its links resolved. */
export const originHere = async (
  { engine, host }: Pick<CommandContext, 'engine' | 'host'>,
  directory: string,
): Promise<Origin> => ({
  // In a container lobbie has another host name each time; the engine that it reaches by a socket knows the machine's.
  host: CONTAINER.test(host) && engine.endpoint.local ? (await engine.info()).name || host : host,
  directory: await resolved(directory),
});

/** The host name that an engine gives a container. */
const CONTAINER = /^[0-9a-f]{12}$/;

/**
 * The other place that a project was deployed from last. Undefined where it is this one, where nothing is deployed, and
 * where the ledger does not tell: those of older versions do not.
 */
export async function otherOrigin({ current, running }: LedgerState, here: Origin): Promise<Origin | undefined> {
  const last = (current ?? running)?.origin;
  if (typeof last?.host !== 'string' || typeof last.directory !== 'string') return undefined;
  if (isSameOrigin(last, here)) return undefined;
  // A directory that was moved may have left a link behind.
  if (last.host === here.host && (await resolved(last.directory)) === here.directory) return undefined;
  return last;
}

/** The path without symbolic links; as it is where it leads nowhere. */
export const resolved = (path: string): Promise<string> => realpath(path).catch(() => path);
