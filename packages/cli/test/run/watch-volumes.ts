import type { Engine } from '../../src/model/engine.ts';
import { listenToEngine } from '../promises/engine-events.ts';

/**
 * Notes the volumes of all containers whose name has this prefix: an anonymous volume does not say whose it is.
 * Resolves once it watches.
 */
export async function watchVolumes(
  engine: Engine,
  prefix: string,
): Promise<{ readonly seen: ReadonlySet<string>; close(): void }> {
  const containers = new Set<string>();
  const seen = new Set<string>();
  const filters = { type: ['container', 'volume'], event: ['create', 'mount'] };
  // An engine that cannot be asked this way, over SSH or TLS, is watched for what has a name only.
  const close = await listenToEngine(engine, filters, ({ Type, Action, Actor }) => {
    const { name = '', container = '' } = Actor.Attributes;
    if (Type === 'container' && name.startsWith(prefix)) containers.add(Actor.ID);
    if (Type === 'volume' && Action === 'mount' && containers.has(container)) seen.add(Actor.ID);
  }).catch(() => () => undefined);
  return { seen, close };
}
