/** A path as it is written in messages: `services.api.ports[0]`. */
export const pathText = (path: readonly PropertyKey[]): string => {
  let written = '';
  for (const step of path) {
    if (typeof step === 'number') written += `[${step}]`;
    else written += written === '' ? String(step) : `.${String(step)}`;
  }
  return written;
};
