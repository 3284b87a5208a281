import type { Finding, Rule } from './rule.ts';

const SOCKET = /\/(docker|podman|containerd)\.sock$/;
const RESERVED = /^com\.docker\.compose\./;

/** Settings that work but may not be what the user wants. */
export const risks: Rule = function* ({ services, networks = {}, volumes = {} }) {
  for (const [name, service] of Object.entries(services)) {
    const path = ['services', name];
    if (service.privileged === true)
      yield { path: [...path, 'privileged'], message: 'the container gets full privileges on the host' };
    const socket = service.volumes?.find(({ type, source = '' }) => type === 'bind' && SOCKET.test(source));
    if (socket !== undefined) {
      const message = `${socket.source} lets the container control the engine, and so the host`;
      yield { path: [...path, 'volumes'], message };
    }
    if (service.build === undefined && isLatest(service.image ?? '')) {
      const message = 'the image of the tag "latest" changes over time';
      yield { path: [...path, 'image'], message, hint: 'Use a version tag.' };
    }
    yield* labelsOf(path, service.labels);
  }
  for (const [name, { labels }] of Object.entries(networks)) yield* labelsOf(['networks', name], labels);
  for (const [name, { labels }] of Object.entries(volumes)) yield* labelsOf(['volumes', name], labels);
};

function* labelsOf(path: readonly string[], labels: Readonly<Record<string, string>> = {}): Generator<Finding> {
  for (const label of Object.keys(labels).filter((key) => RESERVED.test(key)))
    yield { path: [...path, 'labels', label], message: 'is reserved: lobbie sets it' };
}

/** No tag means the tag `latest`; a digest always means the same image. */
function isLatest(image: string): boolean {
  if (image === '' || image.includes('@')) return false;
  const last = image.slice(image.lastIndexOf('/') + 1);
  return !last.includes(':') || last.endsWith(':latest');
}
