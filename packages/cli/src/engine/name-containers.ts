import type { Engine } from '../model/engine.ts';
import { LobbieError, reworded } from '../model/errors.ts';

/**
 * A full container id. Excludes the digest of an image and the name of an anonymous volume, which have no other name.
 */
const ID = /(?<!sha256:|volumes? "?)\b[0-9a-f]{64}\b/g;

/** After these errors, the engine cannot be asked for a name. */
const GONE: ReadonlySet<string> = new Set(['ENGINE_UNREACHABLE', 'NOT_AN_ENGINE', 'INTERRUPTED', 'TERMINATED']);

/**
 * The same engine with readable errors: replaces the id of a container by its name, or shortens the id if the name is
 * not known.
 */
export function nameContainers(engine: Engine): Engine {
  const names = new Map<string, string>();

  const nameOf = async (id: string, code: string): Promise<string> => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const found = GONE.has(code) ? undefined : await engine.inspectContainer(id).catch(() => undefined);
    return found?.name ?? id.slice(0, 12);
  };

  const named = async (error: unknown): Promise<unknown> => {
    if (!(error instanceof LobbieError)) return error;
    const { code, message, details, hint, facts } = error;
    const { refusal } = facts;
    const ids = new Set([message, hint ?? '', ...details].join('\n').match(ID));
    if (ids.size === 0) return error;
    const nameById = new Map<string, string>();
    for (const id of ids) nameById.set(id, await nameOf(id, code));
    const tell = (text: string): string => text.replace(ID, (id) => nameById.get(id) ?? id);
    return reworded(error, {
      message: tell(message),
      details: details.map(tell),
      ...(hint !== undefined && { hint: tell(hint) }),
      ...(refusal && { facts: { ...facts, refusal: { ...refusal, why: tell(refusal.why) } } }),
    });
  };

  const rethrow = async (error: unknown): Promise<never> => {
    throw await named(error);
  };

  async function* iterate<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* values;
    } catch (error) {
      throw await named(error);
    }
  }

  const note = <T extends { readonly id: string; readonly name: string }>(container: T): T => {
    names.set(container.id, container.name);
    return container;
  };

  const told = {
    listContainers: async (labels) => (await engine.listContainers(labels)).map(note),
    listAllContainers: async () => (await engine.listAllContainers()).map(note),
    inspectContainer: async (container) => {
      const found = await engine.inspectContainer(container);
      return found && note(found);
    },
    createContainer: async (spec, warn) => note({ id: await engine.createContainer(spec, warn), name: spec.name }).id,
  } satisfies Partial<Engine>;

  const noting: Engine = { ...engine, ...told };
  return new Proxy(noting, {
    get: (target, key, receiver) => {
      const member: unknown = Reflect.get(target, key, receiver);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const result: unknown = member(...given);
        if (result instanceof Promise) return result.catch(rethrow);
        return isIterable(result) ? iterate(result) : result;
      };
    },
  });
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
