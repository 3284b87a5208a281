/**
 * Runs one act at a time. Items that arrive while one runs share the next act, in order. Each call resolves or rejects
 * with the act that handled its items.
 */
export function coalesce<T>(act: (items: readonly T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
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
