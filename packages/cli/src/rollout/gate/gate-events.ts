import type { Engine, EngineEvent } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';

/** What the engine tells of containers while they are gated. */
export interface GateEvents {
  /** Calls back for each event of the container from now on; gives a function that ends it. */
  listen(containerId: string, callback: (kind: EngineEvent['kind']) => void): () => void;
  /** The exit status that the container ended with last; undefined where nobody saw it end. */
  exitCodeOf(containerId: string): number | undefined;
  close(): void;
}

/** One subscription for all replicas of a project. A lost stream of events is no failure: gates also look themselves. */
export function openGateEvents(engine: Engine, project: string): GateEvents {
  const closing = new AbortController();
  const listeners = new Map<string, Set<(kind: EngineEvent['kind']) => void>>();
  const exitCodes = new Map<string, number>();
  const pump = async (): Promise<void> => {
    for await (const { containerId, kind, exitCode } of engine.events(
      { [LABEL.project]: project, [LABEL.role]: 'replica' },
      closing.signal,
    )) {
      if (exitCode !== undefined) exitCodes.set(containerId, exitCode);
      for (const callback of listeners.get(containerId) ?? []) callback(kind);
    }
  };
  pump().catch(() => undefined);
  return {
    listen(containerId, callback) {
      const callbacks = listeners.get(containerId) ?? new Set();
      callbacks.add(callback);
      listeners.set(containerId, callbacks);
      return () => callbacks.delete(callback);
    },
    exitCodeOf: (containerId) => exitCodes.get(containerId),
    close: () => closing.abort(),
  };
}
