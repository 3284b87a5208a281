import { Duplex } from 'node:stream';
import type { Engine } from '../../src/model/engine.ts';

/** The engine as a process sees it that is killed on the way. */
export interface KillableEngine {
  readonly engine: Engine;
  /** Resolves when the process is dead: nothing it asks for is done or answered any more, and its streams are closed. */
  readonly killed: Promise<void>;
}

/** @param call the call that the process dies at, 1 is its first */
export function killableEngine(engine: Engine, call: number): KillableEngine {
  const death = Promise.withResolvers<void>();
  const streams = new Set<Duplex>();
  const never = Object.assign(new Promise<never>(() => undefined), {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }),
  });
  let calls = 0;
  const killable = new Proxy(engine, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || name === 'close') return method;
      return (...args: unknown[]) => {
        calls += 1;
        if (calls >= call) {
          death.resolve();
          for (const stream of streams) stream.destroy();
          return never;
        }
        const answer: unknown = Reflect.apply(method, target, args);
        if (answer instanceof Promise)
          void answer.then(
            (value) => {
              if (!(value instanceof Duplex)) return;
              streams.add(value);
              // Its answer was under way when the process died.
              if (calls >= call) value.destroy();
            },
            () => undefined,
          );
        return answer;
      };
    },
  });
  return { engine: killable, killed: death.promise };
}
