/** What images are built on where nobody names another. This is the one place; a test finds a second. */
export const BASE_IMAGES = {
  /** LOBBIE_NODE_IMAGE: for lobbie's API and command. */
  node: 'node:24-trixie-slim',
  /** LOBBIE_DEBIAN_IMAGE: for the ingress. */
  debian: 'debian:trixie-slim',
} as const;
