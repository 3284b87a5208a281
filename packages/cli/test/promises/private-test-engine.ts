import { randomBytes } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyImages } from '../../../../scripts/copy-images.ts';
import { isEngineVersion } from '../../../../scripts/engine-versions.ts';
import {
  type PrivateEngine,
  type PrivateEngineOptions,
  startPrivateEngine,
} from '../../../../scripts/private-engine.ts';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { ensureIngressImage, findIngressImage } from '../../src/rollout/images/ensure-ingress-image.ts';
import { testContext } from '../rollout/test-context.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';

/** An engine for a test alone, with the images that tests need. */
export interface PrivateTestEngine extends AsyncDisposable {
  readonly own: PrivateEngine;
  /** Connected from outside: its containers cannot be reached from here. */
  readonly engine: Engine;
}

/**
 * Starts a private engine of the version under test (`LOBBIE_ENGINE_VERSION`, or else this machine's own dockerd).
 *
 * @param main the engine that has the images
 */
export async function startPrivateTestEngine(
  main: Engine,
  options: Pick<PrivateEngineOptions, 'config'> = {},
): Promise<PrivateTestEngine> {
  const version = process.env.LOBBIE_ENGINE_VERSION ?? '';
  const image = await ensureIngressImage(testContext(main), await findIngressImage(testContext(main)));
  const own = await startPrivateEngine({
    directory: join(tmpdir(), `lobbie-${randomBytes(3).toString('hex')}`),
    ...options,
    ...(isEngineVersion(version) && { version }),
  });
  try {
    const debian = process.env.LOBBIE_DEBIAN_IMAGE ?? BASE_IMAGES.debian;
    await copyImages(main.endpoint.url, own.host, [NODE_IMAGE, debian, image]);
    const engine = await connectEngine({
      clock: realClock,
      env: {},
      homeDirectory: homedir(),
      platform: process.platform,
      host: own.host,
    });
    return {
      own,
      engine,
      [Symbol.asyncDispose]: async () => {
        engine.close();
        await own.remove();
      },
    };
  } catch (error) {
    await own.remove();
    throw error;
  }
}

/** Why none can be started here; undefined where one can. */
export function whyNoPrivateEngine(main: Engine): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a private engine needs Linux and root';
  return main.endpoint.url.startsWith('unix:')
    ? undefined
    : 'a private engine takes its images from one on a unix socket';
}
