/** The default base images. They are named only here; a test finds any second place. */
export const BASE_IMAGES = {
  /** LOBBIE_NODE_IMAGE: for lobbie's API and command. */
  node: 'node:24-trixie-slim',
  /** LOBBIE_DEBIAN_IMAGE: for the ingress. */
  debian: 'debian:trixie-slim',
} as const;
