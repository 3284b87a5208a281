/** Removes keys whose value is undefined, because optional keys are absent, never undefined. */
export const defined = <T extends object>(values: T): Defined<T> =>
  // The cast is safe: the remaining values are not undefined, which the type of the filter cannot express.
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;

/** Keys that may be undefined become optional ones. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};
