import { z } from 'zod/mini';

/** What the reference page says of a key. Plain Markdown, a sentence or two. */
export interface KeyDoc {
  /** What the key means. */
  readonly meaning: string;
  /** What lobbie does with it, where that is not what `docker compose up` does. */
  readonly lobbie?: string;
  /** Set where the key is read and does nothing: why. A warning says so. */
  readonly ignored?: string;
  /** Values of an ignored key that do have their effect. */
  readonly heeds?: (value: unknown) => boolean;
  /** Set where lobbie refuses the key: what to do instead. */
  readonly instead?: string;
}

/** What is said of every key of the schema. */
export const keyDocs = z.registry<KeyDoc>();

/** What a value has to be, as a message says it after "expected": `a duration such as "5s"`. */
export const expectations = z.registry<{ readonly expected: string }>();

/** Says what a value has to be. */
export const expecting = <T extends z.ZodMiniType>(schema: T, expected: string): T => {
  expectations.add(schema, { expected });
  return schema;
};

/** An optional key of a map, with what the reference page says of it. */
export const key = <T extends z.ZodMiniType>(schema: T, meaning: string, lobbie?: string): z.ZodMiniOptional<T> => {
  const optional = z.optional(schema);
  keyDocs.add(optional, { meaning, ...(lobbie === undefined ? {} : { lobbie }) });
  return optional;
};

/** A key of a map that has to be there. */
export const requiredKey = <T extends z.ZodMiniType>(schema: T, meaning: string): T => {
  const own = z.clone(schema);
  keyDocs.add(own, { meaning });
  const expectation = expectations.get(schema);
  return expectation === undefined ? own : expecting(own, expectation.expected);
};

/** A key that is read and warned about, for it does nothing here; `why` is a clause that ends the warning. */
export const ignoredKey = <T extends z.ZodMiniType>(
  schema: T,
  meaning: string,
  why: string,
  heeds: (value: unknown) => boolean = () => false,
): z.ZodMiniOptional<T> => {
  const optional = z.optional(schema);
  keyDocs.add(optional, { meaning, ignored: why, heeds });
  return optional;
};

/** A key of the Compose Specification that lobbie does not support; `instead` is a sentence that says what to do. */
export const refusedKey = <T extends z.ZodMiniType>(
  schema: T,
  meaning: string,
  instead: string,
): z.ZodMiniOptional<T> => {
  const optional = z.optional(schema);
  keyDocs.add(optional, { meaning, instead });
  return optional;
};
