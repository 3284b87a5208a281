import type { EngineEvent } from '../../src/model/engine.ts';

/** The events of the scripted engine. */
export interface ScriptedEvents {
  emit(event: EngineEvent, labels: Readonly<Record<string, string>>): void;
  /** Those of containers with these labels, from this call on. */
  listen(labels: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<EngineEvent>;
}

export function scriptedEvents(): ScriptedEvents {
  const listeners = new Set<(event: EngineEvent, labels: Readonly<Record<string, string>>) => void>();
  return {
    emit: (event, labels) => {
      for (const listener of listeners) listener(event, labels);
    },
    listen(wanted, signal) {
      const waiting: EngineEvent[] = [];
      let wake = (): void => undefined;
      const listener = (event: EngineEvent, labels: Readonly<Record<string, string>>): void => {
        if (!Object.entries(wanted).every(([name, value]) => labels[name] === value)) return;
        waiting.push(event);
        wake();
      };
      if (!signal.aborted) listeners.add(listener);
      signal.addEventListener('abort', () => {
        listeners.delete(listener);
        wake();
      });
      return {
        async *[Symbol.asyncIterator]() {
          while (!signal.aborted) {
            const event = waiting.shift();
            if (event !== undefined) yield event;
            else
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
          }
        },
      };
    },
  };
}
