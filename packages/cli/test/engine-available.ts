import { afterAll, describe, it } from 'vitest';
import type { Engine } from '../src/model/engine.ts';
import { connectTestEngine } from './connect-test-engine.ts';

/** Why the engine tests are skipped, as the test runner says it; undefined when there is an engine. */
const skipped = process.env.LOBBIE_ENGINE_SKIP || undefined;

/** An image that every engine test may use: Debian with a shell, coreutils and apt. */
export const TEST_IMAGE = process.env.LOBBIE_TEST_IMAGE ?? 'lobbie-standin/debian:trixie';

/**
 * `describe` for tests that need a real engine. Without one they are skipped, and say why; with `CI=true` that fails,
 * for there a skipped test would look like a passed one.
 */
export function describeEngine(title: string, tests: (engine: Engine) => void): void {
  if (skipped === undefined) {
    describe(title, () => {
      if (!engine) throw new Error('unreachable: there is an engine unless the tests are skipped');
      tests(engine);
    });
    return;
  }
  if (process.env.CI === 'true') throw new Error(`No engine for the engine tests: ${skipped}`);
  it(title, ({ skip }) => skip(skipped));
}

const engine = skipped === undefined ? await connectTestEngine() : undefined;
if (engine) afterAll(() => engine.close());
