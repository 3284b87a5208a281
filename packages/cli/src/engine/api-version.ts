/** Versions of the Engine API, such as `1.44`. */
export interface ApiVersions {
  /** Of every request that does not ask for another. */
  readonly spoken: string;
  /** The newest that the engine knows. */
  readonly newest: string;
}

/** Whether one version of the API comes before another. */
export function isOlder(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA < majorB || (majorA === majorB && minorA < minorB);
}

/** The answer of `GET /version`, as far as lobbie reads it. */
export interface Version {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os: string;
  readonly Arch: string;
  /** What the engine consists of; its own is called `Engine`, that of Podman `Podman Engine`. */
  readonly Components?: readonly { readonly Name?: string; readonly Version?: string }[] | null;
}
