import type { IncomingMessage } from 'node:http';
import { askEngine, requestEngine } from '../../../../scripts/engine-request.ts';
import type { Version } from '../../src/engine/api-version.ts';
import { negotiate } from '../../src/engine/connect-engine.ts';
import type { Engine } from '../../src/model/engine.ts';

/**
 * One GET to the engine, past lobbie's own client, for what that has no use for. It speaks the version of the API that
 * lobbie speaks with this engine. Gives the head of the answer; the body is the stream itself.
 */
export async function getFromEngine({ endpoint }: Engine, path: string): Promise<IncomingMessage> {
  const { url } = endpoint;
  let spoken = SPOKEN.get(url);
  if (spoken === undefined) {
    spoken = askEngine(url, { path: '/version' }).then((text) => negotiate(JSON.parse(text) as Version, endpoint));
    SPOKEN.set(url, spoken);
  }
  return requestEngine(url, { path: `/v${await spoken}${path}` });
}

/** By the engine's URL. */
const SPOKEN = new Map<string, Promise<string>>();
