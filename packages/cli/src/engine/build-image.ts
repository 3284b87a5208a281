import { resolve } from 'node:path';
import type Dockerode from 'dockerode';
import type { ImageBuild, ImageProgress } from '../model/image.ts';
import { packBuildContext, readBuildContext } from './build-context.ts';
import { buildFailure } from './build-failure.ts';
import { buildTranscript } from './build-transcript.ts';
import type { Connection } from './connection.ts';
import { engineError } from './engine-error.ts';
import { failureOf, type StreamLine } from './failure-of.ts';
import { jsonLines } from './json-lines.ts';

/**
 * `Engine.buildImage`. The engine answers 200 to a build that fails: the failure is a line in the stream. `pull` is not
 * passed on: BuildKit has no credentials here, so the caller pulls newer base images first.
 */
export async function buildImage(
  connection: Connection,
  build: ImageBuild,
  onProgress: (progress: ImageProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const dockerfile =
    build.dockerfileInline === undefined
      ? resolve(build.context, build.dockerfile)
      : `the Dockerfile in the Compose file (context ${build.context})`;
  const doing = `build ${build.tags[0] ?? 'the image'} from ${dockerfile}`;
  const context = await readBuildContext(build);
  const { decodeBuildStatus } = await import('./build-status.ts');
  const transcript = buildTranscript(onProgress);
  try {
    const options = {
      // A number: the text "2" would open a gRPC session.
      version: 2,
      dockerfile: context.dockerfile,
      t: build.tags,
      buildargs: build.args,
      labels: build.labels,
      target: build.target,
      platform: build.platform,
      networkmode: build.network,
      extrahosts: build.extraHosts,
      shmsize: build.shmSizeBytes,
      nocache: build.noCache,
      rm: true,
      abortSignal: signal,
    };
    // The types of dockerode allow neither several tags nor the number.
    const started = connection.docker.buildImage(
      packBuildContext(context),
      options as object as Dockerode.ImageBuildOptions,
    );
    const stream = await connection.stream(doing, started, signal);
    for await (const line of jsonLines<BuildLine>(stream)) {
      if (line.id === 'moby.buildkit.trace' && typeof line.aux === 'string')
        transcript.add(decodeBuildStatus(line.aux));
      const failure = failureOf(line);
      if (failure !== undefined) throw buildFailure(failure, doing, dockerfile, transcript.failure());
    }
  } catch (error) {
    throw engineError(error, doing, connection.endpoint, signal);
  }
}

interface BuildLine extends StreamLine {
  readonly id?: string;
  /** A StatusResponse in base64 on the lines of BuildKit's trace. On other lines it has another shape. */
  readonly aux?: unknown;
}
