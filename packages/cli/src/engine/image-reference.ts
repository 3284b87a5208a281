/** Parts of an image reference, such as `registry.example:5000/team/app:1.2`. */
export interface ImageReference {
  /** Without tag and digest. */
  readonly name: string;
  /** The tag, or a digest such as `sha256:…`; `latest` if there is neither. */
  readonly tag: string;
  /** Host of the registry; `docker.io` if the name has none. */
  readonly registry: string;
}

export function splitReference(reference: string): ImageReference {
  const [untagged = '', digest] = reference.split('@');
  const slash = untagged.lastIndexOf('/');
  const colon = untagged.indexOf(':', slash + 1);
  const name = colon < 0 ? untagged : untagged.slice(0, colon);
  const tag = digest ?? (colon < 0 ? 'latest' : untagged.slice(colon + 1));
  // Like the docker CLI, recognises a host by a dot, a port, or `localhost`.
  const first = name.slice(0, Math.max(0, name.indexOf('/')));
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  return { name, tag, registry: isHost && first !== 'index.docker.io' ? first : 'docker.io' };
}
