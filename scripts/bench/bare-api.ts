import type { ContainerSpec } from '../../packages/cli/src/model/container.ts';
import type { Bench } from './bench.ts';
import { serverOf } from './project.ts';

const LOOK_EVERY_MS = 5;

/** A server as in {@link serverOf}, made with bare calls of the Engine API. */
export const bareServer = (bench: Bench, name: string, network: string): ContainerSpec => ({
  name,
  ...serverOf(bench),
  command: [],
  labels: {},
  networks: [{ name: network, aliases: [] }],
});

/** Creates and starts a container, and waits until it answers on port 3000. */
export async function startBare(bench: Bench, spec: ContainerSpec): Promise<void> {
  await bench.engine.createContainer(spec);
  await bench.engine.startContainer(spec.name);
  await untilAnswers(bench, spec.name);
}

/** Waits until a container of this machine's engine answers an HTTP request on port 3000. */
export async function untilAnswers({ engine, signal }: Bench, container: string): Promise<void> {
  const address = Object.values((await engine.inspectContainer(container))?.addresses ?? {})[0];
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(`http://${address}:3000/`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
