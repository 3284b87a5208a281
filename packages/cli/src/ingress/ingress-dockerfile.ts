/**
 * The Dockerfile of the ingress image. `base` is the URL with `assets/` beside it: the bundle in `dist/` (its
 * `import.meta.url`), or the package's directory when run from source.
 */
export const ingressDockerfile = (base: string | URL): URL => new URL('assets/Dockerfile.ingress', base);
