/** The same without the keys whose value is undefined: an optional key is absent, never undefined. */
export const defined = <T extends object>(values: T): Defined<T> =>
  // The cast: what the filter leaves has no undefined values, which its type cannot say.
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;

/** Keys that may be undefined become optional ones. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};
