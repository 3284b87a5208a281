import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customAlphabet } from 'nanoid';
import { BASE_IMAGES } from '../../src/model/base-images.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { Event } from '../../src/model/events.ts';
import { createSecretMask } from '../../src/model/secret-mask.ts';
import { realClock } from '../../src/real-clock.ts';
import type { Surroundings } from '../../src/rollout/given/surroundings.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { removeImagesOf } from '../run/remove-images.ts';
import { runName } from '../run/run-name.ts';

/** A project's surroundings on the real engine; everything is gone when it is disposed of. */
export interface TestContext extends Surroundings, AsyncDisposable {
  readonly project: string;
  readonly history: string;
  readonly events: Event[];
}

export function testContext(engine: Engine, overrides: Partial<Surroundings> = {}): TestContext {
  const project = runName();
  const history = join(tmpdir(), project, 'history');
  const events: Event[] = [];
  const surroundings: Surroundings = {
    engine,
    clock: realClock,
    report: (event) => events.push(event),
    signal: new AbortController().signal,
    secrets: createSecretMask(),
    newRelease: customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 6),
    holder: 'test',
    ingressBuild: {
      context: fileURLToPath(new URL('../../assets', import.meta.url)),
      dockerfile: 'Dockerfile.ingress',
      args: { DEBIAN_IMAGE: process.env.LOBBIE_DEBIAN_IMAGE ?? BASE_IMAGES.debian },
    },
    ...overrides,
  };
  return {
    ...surroundings,
    project,
    history,
    events,
    async [Symbol.asyncDispose]() {
      const fresh = { ...surroundings, signal: new AbortController().signal };
      await takeDown(fresh, project, { removeHistory: true, removeVolumes: true });
      await removeImagesOf(engine, project);
      await rm(join(tmpdir(), project), { recursive: true, force: true });
    },
  };
}
