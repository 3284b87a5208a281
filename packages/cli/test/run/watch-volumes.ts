import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Engine } from '../../src/model/engine.ts';

/** What the engine says of a container that is created, or of a volume that is mounted into one. */
interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Notes the volumes of all containers whose name has this prefix: an anonymous volume does not say whose it is. */
export function watchVolumes(engine: Engine, prefix: string): { readonly seen: ReadonlySet<string>; close(): void } {
  const containers = new Set<string>();
  const seen = new Set<string>();
  const { protocol, host, pathname } = new URL(engine.endpoint.url);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { host };
  const filters = encodeURIComponent(JSON.stringify({ type: ['container', 'volume'], event: ['create', 'mount'] }));
  const asking = request({ ...where, path: `/v1.41/events?filters=${filters}` }, (answer) => {
    const lines = createInterface({ input: answer }).on('line', (line) => {
      // The cast: an event as the Engine's API describes it.
      const { Type, Action, Actor } = JSON.parse(line) as EngineEvent;
      const { name = '', container = '' } = Actor.Attributes;
      if (Type === 'container' && name.startsWith(prefix)) containers.add(Actor.ID);
      if (Type === 'volume' && Action === 'mount' && containers.has(container)) seen.add(Actor.ID);
    });
    lines.on('error', () => undefined);
  });
  // An engine that cannot be asked this way, over SSH or TLS, is watched for what has a name only.
  asking.on('error', () => undefined);
  asking.end();
  return { seen, close: () => asking.destroy() };
}
