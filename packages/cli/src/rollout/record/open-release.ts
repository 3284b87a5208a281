import type { ObservedState } from '../../model/observed.ts';
import type { Release } from '../../model/release.ts';
import type { Desired } from '../../plan/desired.ts';
import type { GivenUnderLease } from '../given/given.ts';
import type { RolloutRequest } from '../given/request.ts';

/**
 * Writes the new release to the ledger before anything changes. A release whose holder died is marked as interrupted.
 */
export async function openRelease(
  { engine, clock, ledger, report, ingressImage: image }: GivenUnderLease,
  { observed, desired }: { readonly observed: ObservedState; readonly desired: Desired },
  { command, origin = ledger.state.current?.origin }: Pick<RolloutRequest, 'command' | 'origin'>,
): Promise<Release> {
  const { unfinished } = observed;
  // A release that was not restored already has its outcome.
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
  const ingressImage = (await engine.inspectImage(image))?.id ?? null;
  ledger.keepLive(observed.replicas.map(({ container }) => container));
  await ledger.write(
    // The directory of the history changes with the commit.
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
