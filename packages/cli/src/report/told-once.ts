/** Returns a function that says whether an error is new. A receipt and an error may carry the same one. */
export const createToldOnce = (): ((error: { readonly code: string; readonly message: string }) => boolean) => {
  const told = new Set<string>();
  return ({ code, message }) => {
    const key = `${code} ${message}`;
    const first = !told.has(key);
    told.add(key);
    return first;
  };
};
