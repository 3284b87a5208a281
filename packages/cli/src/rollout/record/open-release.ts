import type { Release } from '../../model/release.ts';
import type { RolloutContext } from '../context.ts';
import type { Prepared } from '../prepare.ts';

/** Writes the new release to the ledger before anything changes. A release whose holder died is marked as interrupted. */
export async function openRelease(
  context: RolloutContext,
  { observed, desired }: Prepared,
  command: string,
): Promise<Release> {
  const { engine, clock, ledger, report, origin = ledger.state.current?.origin } = context;
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
  const ingressImage = (await engine.inspectImage(context.ingressImage))?.id ?? null;
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
