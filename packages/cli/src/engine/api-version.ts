/** Versions of the Engine API, such as `1.44`. */
export interface ApiVersions {
  /** The version of every request that does not ask for another one. */
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

/** The fields of the answer to `GET /version` that lobbie reads. */
export interface Version {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os: string;
  readonly Arch: string;
  /** The parts of the engine. Docker names its own part `Engine`, Podman `Podman Engine`. */
  readonly Components?: readonly { readonly Name?: string; readonly Version?: string }[] | null;
}
