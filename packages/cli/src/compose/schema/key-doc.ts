import { z } from 'zod/mini';

/** A key's text on the reference page: plain Markdown, one or two sentences. */
export interface KeyDoc {
  /** What the key means. */
  readonly meaning: string;
  /** What lobbie does differently from `docker compose up`. */
  readonly lobbie?: string;
  /** Set if the key has no effect: the reason. The warning shows it. */
  readonly ignored?: string;
  /** Whether a value of an ignored key does have an effect. */
  readonly heeds?: (value: unknown) => boolean;
  /** Set if lobbie refuses the key: what to do instead. */
  readonly instead?: string;
}

/** The documentation of every key in the schema. */
export const keyDocs = z.registry<KeyDoc>();

/** The expected form of a value, as a message shows it after "expected": `a duration such as "5s"`. */
export const expectations = z.registry<{ readonly expected: string }>();

/** Sets the expected form of a value. */
export const expecting = <T extends z.ZodMiniType>(schema: T, expected: string): T => {
  expectations.add(schema, { expected });
  return schema;
};

/** A form whose values mean something else than they say: what they mean is the output of the schema. */
export const meaning = <T extends z.ZodMiniType, Meant>(form: T, meant: (value: z.output<T>) => Meant) =>
  expecting(z.pipe(form, z.transform(meant)), expectations.get(form)?.expected ?? 'anything');

/** An optional key of a map, with its text on the reference page. */
export const key = <T extends z.ZodMiniType>(schema: T, meaning: string, lobbie?: string): z.ZodMiniOptional<T> => {
  const optional = z.optional(schema);
  keyDocs.add(optional, { meaning, ...(lobbie === undefined ? {} : { lobbie }) });
  return optional;
};

/** A required key of a map. */
export const requiredKey = <T extends z.ZodMiniType>(schema: T, meaning: string): T => {
  const own = z.clone(schema);
  keyDocs.add(own, { meaning });
  const expectation = expectations.get(schema);
  return expectation === undefined ? own : expecting(own, expectation.expected);
};

/** A key that is read and causes a warning because it has no effect. `why` ends the warning. */
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

/** A key of the Compose Specification that lobbie does not support. `instead` is a sentence that says what to do. */
export const refusedKey = <T extends z.ZodMiniType>(
  schema: T,
  meaning: string,
  instead: string,
): z.ZodMiniOptional<T> => {
  const optional = z.optional(schema);
  keyDocs.add(optional, { meaning, instead });
  return optional;
};
