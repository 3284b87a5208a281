import { bareServer, startBare } from './bare-api.ts';
import type { Bench } from './bench.ts';

const STOP_MS = 10_000;

/** Containers made with bare calls of the Engine API, to replace and to throw away. */
export interface BareReplicas {
  /** Starts the first generation. */
  start(): Promise<void>;
  /** Creates and starts the next generation, waits until each answers, and stops the one before. */
  replace(): Promise<void>;
  remove(): Promise<void>;
}

/** All acts on the containers run side by side. */
export function bareReplicas(bench: Bench, count: number): BareReplicas {
  const { engine } = bench;
  const network = bench.name('bare');
  const names = (generation: string): string[] =>
    Array.from({ length: count }, (_, at) => bench.name(`bare-${generation}-${at}`));
  const startAll = (generation: string) =>
    Promise.all(names(generation).map((name) => startBare(bench, bareServer(bench, name, network))));
  return {
    start: async () => {
      await engine.createNetwork({ name: network, labels: {} });
      await startAll('old');
    },
    replace: async () => {
      await startAll('new');
      await Promise.all(names('old').map((name) => engine.stopContainer(name, STOP_MS)));
    },
    remove: async () => {
      const all = [...names('old'), ...names('new')];
      await Promise.all(all.map((name) => engine.removeContainer(name, { force: true })));
      await engine.removeNetwork(network);
    },
  };
}
