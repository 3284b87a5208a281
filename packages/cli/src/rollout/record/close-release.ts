import type { Release, ReleaseOutcome } from '../../model/release.ts';
import type { RolloutContext } from '../context.ts';
import type { Prepared } from '../prepare.ts';

/** Writes the release down before anything changes, and that one is over whose holder died. */
export async function openRelease(
  context: RolloutContext,
  { observed, desired }: Prepared,
  command: string,
): Promise<Release> {
  const { engine, clock, ledger, report, origin = ledger.state.current?.origin } = context;
  const { unfinished } = observed;
  // One that was not restored has its outcome already.
  const died = unfinished?.outcome === undefined ? unfinished : undefined;
  if (died !== undefined) report({ type: 'repairing', timeMs: clock.now(), release: died.id });
  const release: Release = {
    id: desired.release,
    number: ledger.state.releases + 1,
    command,
    startedAtMs: clock.now(),
    project: desired.project,
    ...(origin && { origin }),
    images: Object.fromEntries(
      desired.project.services.map(({ name, image }) => [name, observed.images[image] ?? image]),
    ),
  };
  const ingressImage = (await engine.inspectImage(context.ingressImage))?.id ?? null;
  ledger.keepLive(observed.replicas.map(({ container }) => container));
  await ledger.write(
    // Where the history is changes with the commit.
    {
      running: release,
      releases: release.number,
      history: ledger.state.history ?? desired.project.history?.source ?? null,
      ingressImage,
    },
    died && { ...died, outcome: 'interrupted' },
  );
  return release;
}

/**
 * The ledger's word on a release that failed. Losing it is told, and changes nothing of what runs. The one before is
 * named again, for a commit that failed may have been written all the same. One that was not restored stays the
 * running one, with its outcome: `lobbie status` tells it, and the next rollout finds out what of it has passed.
 */
export async function closeRelease(
  { ledger, clock }: RolloutContext,
  release: Release,
  current: Release | undefined,
): Promise<string[]> {
  const ended = { ...release, endedAtMs: clock.now() };
  try {
    const running = release.outcome === 'failed-not-restored' ? ended : null;
    const history = current?.project.history?.source ?? ledger.state.history;
    await ledger.write({ current: current ?? null, running, history, ingresses: {} }, ended);
    return [];
  } catch (error) {
    return [lostWord(error)];
  }
}

/** Gives the release that was just committed another outcome. */
export async function markRelease({ ledger }: RolloutContext, outcome: ReleaseOutcome): Promise<string[]> {
  const { current } = ledger.state;
  if (current === null) return [];
  try {
    await ledger.write({ current: { ...current, outcome } }, { ...current, outcome });
    return [];
  } catch (error) {
    return [lostWord(error)];
  }
}

const lostWord = (error: unknown): string =>
  `The ledger could not be written: ${error instanceof Error ? error.message : String(error)}`;
