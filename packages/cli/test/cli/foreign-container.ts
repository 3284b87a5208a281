import type { Engine } from '../../src/model/engine.ts';
import { TEST_IMAGE } from '../engine-available.ts';

/** A running container that lobbie did not make; gone after the test. */
export async function foreignContainer(
  engine: Engine,
  name: string,
  { port, network }: { port?: number; network?: string } = {},
): Promise<AsyncDisposable & { readonly id: string; readonly name: string }> {
  const id = await engine.createContainer({
    name,
    image: TEST_IMAGE,
    labels: {},
    entrypoint: ['sleep', '600'],
    command: [],
    // Only a container with a network has ports.
    networks:
      network === undefined
        ? port === undefined
          ? []
          : [{ name: 'bridge', aliases: [] }]
        : [{ name: network, aliases: [] }],
    ...(port !== undefined && { ports: [{ target: 80, protocol: 'tcp', published: port }] }),
  });
  await engine.startContainer(id);
  return { id, name, [Symbol.asyncDispose]: () => engine.removeContainer(id, { force: true }) };
}
