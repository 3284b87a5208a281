/** Whether Docker Compose would fetch this file: from a registry, or from a Git repository. */
export const isRemote = (path: string): boolean =>
  /^(?:oci|git|ssh):\/\//i.test(path) ||
  /^https?:\/\//i.test(path) ||
  /^github\.com\//.test(path) ||
  /^[\w.-]+@[\w.-]+:/.test(path);
