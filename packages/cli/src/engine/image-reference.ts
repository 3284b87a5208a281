/** Parts of an image reference, such as `registry.example:5000/team/app:1.2`. */
export interface ImageReference {
  /** Without tag and digest. */
  readonly name: string;
  /** The tag, or a digest such as `sha256:…`; `latest` when neither is there. */
  readonly tag: string;
  /** Host of the registry; `docker.io` when the name has none. */
  readonly registry: string;
}

export function splitReference(reference: string): ImageReference {
  const [untagged = '', digest] = reference.split('@');
  const slash = untagged.lastIndexOf('/');
  const colon = untagged.indexOf(':', slash + 1);
  const name = colon < 0 ? untagged : untagged.slice(0, colon);
  const tag = digest ?? (colon < 0 ? 'latest' : untagged.slice(colon + 1));
  // As the docker CLI tells a host from a path: by a dot, a port, or `localhost`.
  const first = name.slice(0, Math.max(0, name.indexOf('/')));
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  return { name, tag, registry: isHost && first !== 'index.docker.io' ? first : 'docker.io' };
}
