import type { EngineEvent } from '../model/engine.ts';
import type { Connection } from './connection.ts';
import { labelFilter } from './containers.ts';
import { engineError } from './engine-error.ts';
import { jsonLines } from './json-lines.ts';

const KIND_OF: Readonly<Record<string, EngineEvent['kind']>> = {
  'health_status: healthy': 'healthy',
  'health_status: unhealthy': 'unhealthy',
  die: 'died',
  oom: 'oom',
};

/** `Engine.events`. Sends the request at once, so that no event between the call and the first `next` is missed. */
export function events(
  connection: Connection,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncIterable<EngineEvent> {
  const doing = 'listen to events';
  const filters = {
    type: ['container' as const],
    event: ['health_status' as const, 'die' as const, 'oom' as const],
    label: labelFilter(labels),
  };
  const asked = connection.stream(doing, connection.docker.getEvents({ filters, abortSignal: signal }), signal);
  // Unhandled until awaited: only a caller that iterates sees the error.
  asked.catch(() => undefined);
  return listen();

  async function* listen(): AsyncGenerator<EngineEvent> {
    try {
      for await (const { Action, Actor } of jsonLines<WireEvent>(await asked)) {
        const kind = KIND_OF[Action];
        if (kind === undefined) continue;
        const exitCode = Number.parseInt(Actor.Attributes?.exitCode ?? '', 10);
        yield { containerId: Actor.ID, kind, ...(kind === 'died' && !Number.isNaN(exitCode) && { exitCode }) };
      }
    } catch (error) {
      if (!signal.aborted) throw engineError(error, doing, connection.endpoint);
    }
  }
}

interface WireEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes?: Readonly<Record<string, string>> | null };
}
