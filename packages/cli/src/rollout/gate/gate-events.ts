import type { Engine, EngineEvent } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';

/** The engine's events about containers during their gates. */
export interface GateEvents {
  /** Calls back for each event of the container from now on, until the returned function is called. */
  listen(containerId: string, callback: (kind: EngineEvent['kind']) => void): () => void;
  /** The last exit status of the container; undefined if no event reported it. */
  exitCodeOf(containerId: string): number | undefined;
  close(): void;
}

/**
 * One subscription for all replicas of a project. If the events are lost, gates still check the containers themselves.
 */
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
