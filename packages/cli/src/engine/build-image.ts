import { resolve } from 'node:path';
import { LobbieError } from '../model/errors.ts';
import type { ImageBuild, ImageProgress } from '../model/image.ts';
import { packBuildContext, readBuildContext } from './build-context.ts';
import { buildTranscript } from './build-transcript.ts';
import type { Connection } from './connection.ts';
import { engineError, refusal } from './engine-error.ts';
import { failureOf, type StreamLine } from './failure-of.ts';
import { jsonLines } from './json-lines.ts';

/**
 * `Engine.buildImage`. The engine answers 200 to a build that fails: the failure is a line in the stream. `pull` is not
 * passed on: BuildKit has no credentials here, so whoever builds pulls the newer base images first.
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
    const stream = await connection.stream({
      doing,
      method: 'POST',
      path: '/build',
      query: {
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
      },
      tar: packBuildContext(context),
      signal,
    });
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
  /** A StatusResponse in base64 in lines of BuildKit's trace; of another shape elsewhere. */
  readonly aux?: unknown;
}

/** Prefixes that say how BuildKit is built, not what is wrong. */
const NOISE =
  /^(?:failed to solve(?: with frontend \S+)?: |rpc error: code = \w+ desc = |failed to create LLB definition: |failed to (?:compute|calculate) (?:cache key|checksum of ref \S+): )+/;

/** What the engine says of a command that failed, without the command: `exit code: 1`. */
function withoutCommand(words: string): string {
  const end = words.startsWith('executor failed running [') ? ']: ' : '" did not complete successfully: ';
  const runs = end === ']: ' || words.startsWith('process "');
  const at = words.lastIndexOf(end);
  return runs && at !== -1 ? words.slice(at + end.length) : words;
}

function buildFailure(
  words: string,
  doing: string,
  dockerfile: string,
  failed: { instruction: string | undefined; lines: readonly string[] },
): LobbieError {
  const reason = withoutCommand(words.replace(NOISE, '')).trim();
  if (/no space left on device/i.test([words, ...failed.lines].join('\n')))
    return refusal('no space left on device', doing);
  const where = failed.instruction === undefined ? '' : ` at "${failed.instruction}"`;
  return new LobbieError('IMAGE_BUILD_FAILED', `Could not ${doing}: it failed${where}: ${reason}`, {
    details: failed.lines,
    hint: `Correct ${dockerfile} and try again.`,
  });
}
