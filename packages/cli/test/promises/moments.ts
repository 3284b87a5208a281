import type { Engine } from '../../src/model/engine.ts';
import type { Report } from '../../src/model/events.ts';

/** Calls that change something on the engine. */
export const MUTATIONS: ReadonlySet<string> = new Set([
  'createContainer',
  'startContainer',
  'stopContainer',
  'killContainer',
  'removeContainer',
  'writeFiles',
  'pullImage',
  'buildImage',
  'importEmptyImage',
  'removeImage',
  'createNetwork',
  'removeNetwork',
  'createVolume',
  'removeVolume',
]);

export interface Moments {
  readonly engine: Engine;
  readonly report: Report;
  /** How many there were so far. */
  readonly count: number;
}

/**
 * Counts the moments of a command at which what is on the engine differs from the moment before: each change as it is
 * answered, and each step as it begins and ends. Calls back at the one with this number, 1 is the first.
 */
export function watchMoments(engine: Engine, at: number, callback: () => void): Moments {
  let count = 0;
  const pass = (): void => {
    count += 1;
    if (count === at) callback();
  };
  const watched = new Proxy(engine, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || !MUTATIONS.has(String(name))) return method;
      return async (...args: unknown[]) => {
        const answer: unknown = await Reflect.apply(method, target, args);
        pass();
        return answer;
      };
    },
  });
  return {
    engine: watched,
    report: (event) => {
      if (event.type === 'step-started' || event.type === 'step-done') pass();
    },
    get count() {
      return count;
    },
  };
}
