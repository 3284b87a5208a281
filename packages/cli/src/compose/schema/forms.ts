import { z } from 'zod/mini';
import { MOST_REPLICAS } from '../../model/most-replicas.ts';
import { isDecimal, isDuration, isDurationWithin, isFlag, isSize, isWhole } from './formats.ts';
import { expecting } from './key-doc.ts';

/** Text only: a number or `true` must be in quotes. */
export const text = () => expecting(z.string(), 'text');

/** Text that passes a test. Messages and the reference page show `expected`. */
export const textLike = (expected: string, test: (value: string) => boolean) =>
  expecting(z.string().check(z.refine(test, { params: { expected } })), expected);

/** Text that must pass a test to be deployed. Other text can be read. */
export const textForEngine = (expected: string, test: (value: string) => boolean) =>
  expecting(z.string().check(forEngine(expected, test)), expected);

/** A test that a value must pass to be deployed. Docker Compose reads values that fail it. */
export const forEngine = <T>(expected: string, test: (value: T) => boolean) =>
  z.refine<T>(test, { params: { expected, blocks: true } });

/** One of a few words. */
export const word = <const T extends readonly [string, ...string[]]>(...words: T) =>
  expecting(z.enum(words), wordList(words));

/** `"a", "b" or "c"` */
export const wordList = (words: readonly string[]): string =>
  words
    .map((one) => `"${one}"`)
    .join(', ')
    .replace(/, ("[^"]*")$/, ' or $1');

/** `true`, `false`, and the spellings that Docker Compose accepts for them. */
export const flag = () =>
  expecting(
    z.custom<boolean | string>((value) => typeof value === 'boolean' || (typeof value === 'string' && isFlag(value))),
    'true or false',
  );

/** `true` or `false`, not in quotes. */
export const strictFlag = () => expecting(z.boolean(), 'true or false');

/** A number, or text that is a number. */
export const number = (expected = 'a number', least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY) =>
  expecting(
    z.custom<number | string>(
      (value) =>
        (typeof value === 'string' ? isDecimal(value) : isNumber(value)) &&
        !(Number(value) < least || Number(value) > most),
    ),
    expected,
  );

/** A number, not in quotes. */
export const strictNumber = () => expecting(z.number(), 'a number');

/** A whole number, or text that is one. */
export const wholeNumber = (
  expected = 'a whole number',
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
) =>
  expecting(
    z.custom<number | string>((value) => {
      if (typeof value === 'string' ? !isWhole(value) : !isNumber(value) || !Number.isInteger(Number(value)))
        return false;
      return Number(value) >= least && Number(value) <= most;
    }),
    expected,
  );

/** A whole number from 0, or text that is one. Docker Compose also reads other numbers and truncates them. */
export const countForEngine = (most: number) => {
  const expected = `a whole number from 0 to ${most}`;
  return expecting(
    z
      .custom<number | string>(
        (value) => (typeof value === 'string' ? isWhole(value) : isNumber(value)) && !(Number(value) < 0),
      )
      .check(forEngine(expected, (value) => Number.isInteger(Number(value)) && Number(value) <= most)),
    expected,
  );
};

/** A whole number, or text that is one. Only values within the bounds can be deployed. */
export const wholeNumberForEngine = (expected: string, least: number, most: number) =>
  expecting(
    wholeNumber().check(forEngine(expected, (value) => Number(value) >= least && Number(value) <= most)),
    expected,
  );

/** A number, or text that is one. Only values within the bounds can be deployed. */
export const numberForEngine = (expected: string, least: number, most: number) =>
  expecting(number().check(forEngine(expected, (value) => Number(value) >= least && Number(value) <= most)), expected);

/** The number of replicas of a service. Docker Compose reads more than can be deployed. */
export const replicaCount = () => {
  const expected = `a whole number from 0 to ${MOST_REPLICAS}`;
  return expecting(
    wholeNumber(expected, 0).check(forEngine(expected, (value) => Number(value) <= MOST_REPLICAS)),
    expected,
  );
};

/** A duration. Always text, because a number would have no unit. A negative duration can be read but not deployed. */
export const duration = () =>
  expecting(
    z.string().check(
      z.refine(isDuration, { params: { expected: DURATION } }),
      forEngine(DURATION, (value) => !isDuration(value) || !value.startsWith('-')),
    ),
    DURATION,
  );

const DURATION = 'a duration such as "5s"';

/** A duration from `least` to `most`, which are durations themselves. */
export const durationWithin = (least: string, most: string) => {
  const expected = durationRange(least, most);
  return expecting(durationThat(z.refine(isWithin(least, most), { params: { expected } })), expected);
};

/** A duration. Only values from `least` to `most`, and 0 with `zero`, can be deployed. */
export const durationForEngine = (least: string, most: string, { zero = false } = {}) => {
  const expected = `${durationRange(least, most)}${zero ? ', or 0' : ''}`;
  const fits = (value: string): boolean => isWithin(least, most)(value) || (zero && isWithin('0s', '0s')(value));
  return expecting(durationThat(forEngine(expected, fits)), expected);
};

/** The range is checked only if the text is a duration. */
const durationThat = (check: z.core.$ZodCheck<string>) =>
  z.string().check(z.refine(isDuration, { params: { expected: DURATION }, abort: true }), check);

const isWithin =
  (least: string, most: string) =>
  (value: string): boolean =>
    isDurationWithin(value, least, most);

const durationRange = (least: string, most: string): string => `a duration from ${least} to ${most}`;

/** A number of bytes, or a size with a unit. */
export const size = (expected = 'a size such as "512m"') =>
  expecting(
    z.custom<number | string>((value) => (typeof value === 'string' ? isSize(value) : isNumber(value))),
    expected,
  );

/** A size in quotes. */
export const sizeText = () => textLike('a size such as "512m"', isSize);

/** Text, or a number used as text. */
export const textOrNumber = (expected = 'text or a number') =>
  expecting(
    z.custom<number | string>((value) => typeof value === 'string' || isNumber(value)),
    expected,
  );

/** The value of an environment variable, a label or a build argument. */
export const scalar = () =>
  expecting(
    z.custom<string | number | boolean | null>((value) => value === null || typeof value !== 'object'),
    'text, a number, true, false or nothing',
  );

export const listOf = <T extends z.ZodMiniType>(item: T, expected: string) => expecting(z.array(item), expected);

/** A list without duplicates. */
export const setOf = <T extends z.ZodMiniType>(item: T, expected: string) =>
  expecting(
    z.array(item).check((context) => {
      const seen = new Map<unknown, number>();
      for (const [index, value] of context.value.entries()) {
        const first = seen.get(value);
        if (first !== undefined) {
          const params = { says: `repeats item ${first}: each item may appear only once` };
          context.issues.push({ code: 'custom', path: [index], input: value, params });
        }
        seen.set(value, first ?? index);
      }
    }),
    expected,
  );

/** A list of text without duplicates. */
export const textSet = (expected = 'a list of text') => setOf(text(), expected);

/** One text or a list of them. */
export const oneOrMore = (expected = 'text or a list of text') => oneOf(expected, text(), textSet());

/** A map with any keys. */
export const mapOf = <T extends z.ZodMiniType>(value: T, expected: string) =>
  expecting(z.record(z.string(), value), expected);

/** A map whose keys are names in the project. */
export const namedMapOf = <T extends z.ZodMiniType>(value: T, expected: string) =>
  expecting(z.record(z.string().check(z.regex(/^[a-zA-Z0-9._-]+$/)), value), expected);

/** Names and values, as a map or as a list of `NAME=value`. Messages never show the values: they may be secrets. */
export const pairs = (expected = 'a map or a list of "NAME=value"') =>
  oneOf(
    expected,
    expecting(z.record(z.string().check(z.minLength(1)), scalar()), 'a map'),
    setOf(text(), 'a list of "NAME=value"'),
  );

/** A map with only these keys, and keys that begin with `x-`. */
export const mapWith = <T extends z.core.$ZodShape>(shape: T, expected = 'a map') =>
  expecting(z.strictObject(shape), expected);

/** Any of several forms. */
export const oneOf = <const T extends readonly z.ZodMiniType[]>(expected: string, ...forms: T) =>
  expecting(z.union(forms), expected);

/** A form, or null. */
export const orNothing = <T extends z.ZodMiniType>(schema: T, expected: string) =>
  expecting(z.nullable(schema), expected);

/** Any value; lobbie does not use it. */
export const anything = () => expecting(z.unknown(), 'anything');

/** YAML has larger whole numbers than JavaScript. */
const isNumber = (value: unknown): boolean => typeof value === 'bigint' || Number.isFinite(value);
