/**
 * One act at a time: what is asked for while one runs shares the next, in the order in which it came. Each call resolves
 * or rejects with the act that its items were part of.
 */
export function inBatches<T>(act: (items: readonly T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let open: { readonly items: T[]; readonly done: Promise<void> } | undefined;
  return (items) => {
    if (open === undefined) {
      const batch: T[] = [];
      const done = last
        .catch(() => undefined)
        .then(() => {
          open = undefined;
          return act(batch);
        });
      open = { items: batch, done };
      last = done;
    }
    open.items.push(...items);
    return open.done;
  };
}
