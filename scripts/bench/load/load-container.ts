import type { Bench } from '../bench.ts';

/** A container with load generators written in C, which need much less CPU than what they measure. */
export interface LoadContainer {
  run(argv: readonly string[]): Promise<string>;
}

const PACKAGES = 'wrk nghttp2-client';
const TIMEOUT_MS = 120_000;

/** Builds the image and starts the container on the network of the host. Undefined, with a note, if it cannot be built. */
export async function startLoadContainer(bench: Bench): Promise<LoadContainer | undefined> {
  const { engine, name, debianImage, directory, signal } = bench;
  const image = `${name('load')}:1`;
  const dockerfileInline = [
    `FROM ${debianImage}`,
    `RUN apt-get update && apt-get install --yes --no-install-recommends ${PACKAGES}`,
  ].join('\n');
  try {
    const build = { context: directory, dockerfile: 'Dockerfile', dockerfileInline, args: {}, tags: [image] };
    await engine.buildImage(build, () => undefined, signal);
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    bench.leaveOut('what needs load generators', `their image cannot be built: ${why}`);
    return undefined;
  }
  const container = await engine.createContainer({
    name: name('load'),
    image,
    labels: {},
    networks: [],
    networkMode: 'host',
    entrypoint: ['sleep', 'infinity'],
    command: [],
    init: true,
  });
  await engine.startContainer(container);
  return {
    run: async (argv) => {
      const { exitCode, output } = await engine.exec(container, argv, { timeoutMs: TIMEOUT_MS, signal });
      if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with status ${exitCode}.\n${output}`);
      return output;
    },
  };
}
