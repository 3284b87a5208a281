import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Engine } from '../../src/model/engine.ts';

/** An event as the Engine's API describes it. */
export interface WireEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/**
 * Tells of what happens on the engine from then on, past lobbie's own client; the function that it gives ends that.
 *
 * @param filters by the names of the Engine's API
 */
export function listenToEngine(
  engine: Engine,
  filters: Readonly<Record<string, readonly string[]>>,
  heard: (event: WireEvent) => void,
): Promise<() => void> {
  const { protocol, host, pathname } = new URL(engine.endpoint.url);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { host };
  const query = encodeURIComponent(JSON.stringify(filters));
  return new Promise((resolve, reject) => {
    const asking = request({ ...where, path: `/v1.41/events?filters=${query}` }, (answer) => {
      // It is cut by the end of the test.
      answer.on('error', () => undefined);
      createInterface({ input: answer })
        .on('line', (line) => heard(JSON.parse(line) as WireEvent))
        .on('error', () => undefined);
      resolve(() => asking.destroy());
    });
    asking.on('error', reject);
    asking.end();
  });
}
