/**
 * The Dockerfile of the ingress's image. `base` is the URL of what has `assets/` beside it: the bundle in `dist/`
 * (its `import.meta.url`), or the package's directory when run from source.
 */
export const ingressDockerfile = (base: string | URL): URL => new URL('assets/Dockerfile.ingress', base);
