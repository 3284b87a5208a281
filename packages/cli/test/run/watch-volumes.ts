import type { Engine } from '../../src/model/engine.ts';
import { listenToEngine } from '../promises/engine-events.ts';

/** Notes the volumes of all containers whose name has this prefix: an anonymous volume does not say whose it is. */
export function watchVolumes(engine: Engine, prefix: string): { readonly seen: ReadonlySet<string>; close(): void } {
  const containers = new Set<string>();
  const seen = new Set<string>();
  const filters = { type: ['container', 'volume'], event: ['create', 'mount'] };
  const listening = listenToEngine(engine, filters, ({ Type, Action, Actor }) => {
    const { name = '', container = '' } = Actor.Attributes;
    if (Type === 'container' && name.startsWith(prefix)) containers.add(Actor.ID);
    if (Type === 'volume' && Action === 'mount' && containers.has(container)) seen.add(Actor.ID);
  });
  return {
    seen,
    close: () => {
      // An engine that cannot be asked this way, over SSH or TLS, is watched for what has a name only.
      listening.then(
        (end) => end(),
        () => undefined,
      );
    },
  };
}
