import { expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { LobbieError } from '../../src/model/errors.ts';
import type { Event } from '../../src/model/events.ts';
import type { ToldStep } from '../../src/model/step.ts';
import { impacts } from '../../src/plan/impacts.ts';
import { UNLESS_SAME } from '../../src/plan/place.ts';
import { planLines } from '../../src/report/plan-lines.ts';
import { stepSubject } from '../../src/report/step-subject.ts';
import type { RolloutRequest } from '../../src/rollout/given/request.ts';
import type { Surroundings } from '../../src/rollout/given/surroundings.ts';
import { planOnly } from '../../src/rollout/plan-only.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { aProject, aService } from './a-service.ts';
import { buildingEngine, CONTEXT, type Pair, pair } from './random-projects.ts';
import type { ScriptedEngine } from './scripted-engine.ts';
import { scriptedSurroundings } from './scripted-surroundings.ts';

it('a deploy does the steps that its dry run printed, whatever has changed', async () => {
  const compared = { pairs: 0, changed: 0, built: 0 };
  const compare = async (one: Pair): Promise<void> => {
    const engine = buildingEngine();
    const around = hastily(scriptedSurroundings(engine, { gateTimeoutMs: 1_000_000 }));
    const first = await outcomeOf(rollOut(around, request(one.before)));
    fc.pre(first.outcome === 'deployed' || first.outcome === 'unchanged');
    await strike(engine, one);
    const wanted = requestOf(one);
    const before = engine.look();
    const dry = await dryRun(around, wanted);
    expect(engine.look()).toEqual(before);
    const real = await realRun(around, wanted);
    // What only the engine can tell, such as two services at one port, no plan knows.
    fc.pre(real.failed === undefined || dry.failed !== undefined);
    expect(real.failed).toEqual(dry.failed);
    compared.pairs += 1;
    if (real.steps.length > 0) compared.changed += 1;
    if (real.steps.some((step) => step.startsWith('build-image'))) compared.built += 1;
    if (!dry.unbuilt) return void expect(real.steps).toEqual(dry.steps);
    // Of a container that has ended as well, only the build tells which of the two is the reason.
    const [did, printed] = [real.steps, dry.steps].map((steps) => steps.map(withoutReason));
    if (!dry.mayStay) return void expect(did).toEqual(printed);
    // The build may give the image that is there. Then the container that was to be replaced stays, and is admitted
    // again where it has another name now.
    const stays = (printed ?? [])
      .flatMap((step) => (step.startsWith('retire-replica ') && !did?.includes(step) ? step.slice(15) : []))
      .flatMap((container) => [`gate-replica ${container}`, `admit-replica ${container}`]);
    expect([...(printed ?? []), ...stays]).toEqual(expect.arrayContaining(did ?? []));
  };
  await fc.assert(fc.asyncProperty(pair, compare), { numRuns: 300 });
  // Far fewer than there are, for each run is another one.
  expect(compared.pairs).toBeGreaterThan(100);
  expect(compared.changed).toBeGreaterThan(50);
  expect(compared.built).toBeGreaterThan(10);
});

const build = { context: CONTEXT, dockerfile: 'Dockerfile', dockerfileInline: 'FROM app:1\n', args: {} };
const shop = (image: string, text: string) =>
  aProject([
    aService('web', { image, build: { ...build, dockerfileInline: text } }),
    aService('worker', { image: `${image}:latest` }),
  ]);

it('a dry run says that what is built again may be the same, and the deploy leaves it then', async () => {
  const engine = buildingEngine();
  const around = scriptedSurroundings(engine);
  await rollOut(around, request(shop('shop', 'FROM app:1\n')));
  const renamed = request(shop('store', 'FROM app:1\n'));
  const dry = await planOnly(around, renamed);
  const starts = dry.plan.steps.flatMap(({ step }) => (step.kind === 'start-replica' ? [step.reason] : []));
  expect(starts).toEqual(['unless the build gives the same image', 'unless the build gives the same image']);
  const lines = planLines(dry.plan, impacts(dry.desired, dry.observed, dry.plan));
  expect(lines.join('\n')).toMatch(/web +a gap .* \(stop-first: .*\), unless the build gives the same image/);
  const exact = { ...renamed, images: { build: 'always' } } as const;
  expect(await dryRun(around, exact)).toMatchObject({ steps: [expect.stringMatching(/^build-image store:/)] });
  expect(await rollOut(around, renamed)).toMatchObject({ outcome: 'unchanged' });
});

it('replaces a service that runs the image which another one builds, in the same deploy', async () => {
  const engine = buildingEngine();
  const around = scriptedSurroundings(engine);
  const first = await rollOut(around, request(shop('shop', 'FROM app:1\n')));
  const changed = request(shop('shop', 'FROM app:1\nENV CONTENT=2\n'));
  const dry = await dryRun(around, changed);
  expect(dry.steps.filter((step) => step.startsWith('start-replica'))).toHaveLength(2);
  const second = await rollOut(around, changed);
  expect(second.replicas.map(({ replaced }) => replaced?.container)).toEqual(
    first.replicas.map(({ container }) => container),
  );
  expect(await rollOut(around, changed)).toMatchObject({ outcome: 'unchanged' });
});

/** Hundreds of deploys: nobody waits for anything that the engine does not do. */
const hastily = (around: Surroundings): Surroundings => ({
  ...around,
  clock: { ...around.clock, sleep: (ms, signal) => around.clock.sleep(ms / 100, signal) },
});

const requestOf = ({ after, removeOrphans, recreate, only, build }: Pair): RolloutRequest => {
  const [first] = after.services.map(({ name }) => [name]);
  return {
    ...request(after),
    removeOrphans,
    ...(recreate && first && { recreate: first }),
    ...(only && first && { only: first }),
    ...(build && { images: { build } }),
  };
};

const request = (project: Pair['before']): RolloutRequest => ({
  project,
  command: 'deploy',
  recreate: [],
  asDeployed: false,
});

const outcomeOf = async (rollout: Promise<{ outcome: string }>): Promise<{ outcome: string }> =>
  rollout.catch((error: unknown) => {
    if (error instanceof LobbieError && error.code !== 'BUG') return { outcome: error.code };
    throw error;
  });

/** Kind and subject. */
const withoutReason = (step: string): string => step.split(' ').slice(0, 2).join(' ');

interface Steps {
  readonly steps: readonly string[];
  /** The code of the failure. */
  readonly failed?: string;
  /** Whether the image of a service that runs is still to be built. */
  readonly unbuilt?: boolean;
  /** Whether some of them are left out where a build gives the image that is there. */
  readonly mayStay?: boolean;
}

async function dryRun(around: Surroundings, wanted: RolloutRequest): Promise<Steps> {
  const events: Event[] = [];
  try {
    const { plan, desired } = await planOnly({ ...around, report: (event) => events.push(event) }, wanted);
    const planned = plan.steps.map(({ step }) => textOf(step, desired.release));
    const unbuilt = Object.keys(desired.sameImageHashes ?? {}).length > 0;
    const mayStay = plan.steps.some(({ step }) => step.reason === UNLESS_SAME);
    return { steps: [...builtIn(events), ...planned].toSorted(), mayStay, unbuilt };
  } catch (error) {
    return failureOf(error);
  }
}

/** What a deploy builds, it builds before it plans. */
async function realRun(around: Surroundings, wanted: RolloutRequest): Promise<Steps> {
  const events: Event[] = [];
  try {
    const receipt = await rollOut({ ...around, report: (event) => events.push(event) }, wanted);
    if (receipt.error) return { steps: [], failed: receipt.error.code };
    const done = events.flatMap((event) => (event.type === 'step-done' ? [textOf(event.step, receipt.release)] : []));
    return { steps: [...builtIn(events), ...done].toSorted() };
  } catch (error) {
    return failureOf(error);
  }
}

const failureOf = (error: unknown): Steps => {
  if (error instanceof LobbieError && error.code !== 'BUG') return { steps: [], failed: error.code };
  throw error;
};

const builtIn = (events: readonly Event[]): string[] =>
  events.flatMap((event) =>
    event.type === 'image-done' && event.act === 'build' ? [`build-image ${event.image} its content is new`] : [],
  );

const textOf = (step: ToldStep, release: string): string =>
  `${step.kind} ${stepSubject(step)} ${step.reason}`.replaceAll(new RegExp(`\\b${release}\\b`, 'g'), 'new');

/** What somebody does to a replica between two deploys. */
async function strike(engine: ScriptedEngine, { mishap, at }: Pair): Promise<void> {
  const replicas = engine.containers().filter(({ role, state }) => role === 'replica' && state === 'running');
  const hit = replicas[at % Math.max(1, replicas.length)];
  if (hit === undefined) return;
  if (mishap === 'stopped') await engine.stopContainer(hit.name, 0);
  if (mishap === 'removed') await engine.removeContainer(hit.name, { force: true });
  if (mishap === 'renamed') await engine.renameContainer(hit.name, 'renamed-by-hand');
}
