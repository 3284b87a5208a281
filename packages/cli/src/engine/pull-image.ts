import { LobbieError } from '../model/errors.ts';
import type { ImageProgress } from '../model/image.ts';
import type { Connection } from './connection.ts';
import type { HostEnvironment } from './docker-config.ts';
import { engineError, interruption } from './engine-error.ts';
import { failureOf } from './failure-of.ts';
import { splitReference } from './image-reference.ts';
import { jsonLines } from './json-lines.ts';
import { pullFailure } from './pull-failure.ts';
import { type PullLine, pullProgress } from './pull-progress.ts';
import { registryCredentials } from './registry-credentials.ts';

/** The longest wait for the first answer of the registry. */
const ANSWER_TIMEOUT_MS = 12_000;
/** The longest wait between two lines of progress. While the engine verifies a large layer, it sends none. */
const PROGRESS_TIMEOUT_MS = 120_000;

/** The image to pull. */
export interface Pull {
  readonly reference: string;
  /** `linux/arm64`; absent means the engine's own. */
  readonly platform: string | undefined;
}

/** `Engine.pullImage`. */
export async function pullImage(
  connection: Connection,
  surroundings: HostEnvironment,
  { reference, platform }: Pull,
  onProgress: (progress: ImageProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = connection;
  const doing = `pull image "${reference}"`;
  const { name, tag, registry } = splitReference(reference);
  const credentials = await registryCredentials(registry, surroundings);
  const silence = new AbortController();
  let stop = clock.after(ANSWER_TIMEOUT_MS, () => silence.abort());
  try {
    const abortSignal = AbortSignal.any([signal, silence.signal]);
    const options = { fromImage: name, tag, platform, abortSignal };
    const stream = await connection.stream(doing, connection.docker.createImage(credentials, options), abortSignal);
    const progress = pullProgress();
    for await (const line of jsonLines<PullLine>(stream)) {
      const failure = failureOf(line);
      if (failure !== undefined) throw pullFailure(reference, failure, credentials !== undefined, platform);
      const layers = progress(line);
      if (!layers) continue;
      stop();
      stop = clock.after(PROGRESS_TIMEOUT_MS, () => silence.abort());
      onProgress(layers);
    }
  } catch (error) {
    if (signal.aborted) throw interruption(signal, doing);
    if (silence.signal.aborted) throw pullFailure(reference, 'the registry does not answer (timeout)', false);
    const refusal = error instanceof LobbieError && error.code === 'ENGINE_ERROR' ? error.facts.refusal : undefined;
    if (refusal !== undefined) throw pullFailure(reference, refusal.why, credentials !== undefined, platform);
    throw engineError(error, doing, connection.endpoint);
  } finally {
    stop();
  }
}
