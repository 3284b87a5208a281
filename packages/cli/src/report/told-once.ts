/** Says of an error whether it is the first time that it is told: a receipt and an error may carry the same. */
export const createToldOnce = (): ((error: { readonly code: string; readonly message: string }) => boolean) => {
  const told = new Set<string>();
  return ({ code, message }) => {
    const key = `${code} ${message}`;
    const first = !told.has(key);
    told.add(key);
    return first;
  };
};
