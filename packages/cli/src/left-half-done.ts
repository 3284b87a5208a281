import { LobbieError } from './model/errors.ts';
import type { Event } from './model/events.ts';

/** How far a command has come. */
export type Standing =
  | { readonly at: 'looking'; readonly release?: string; readonly project?: string }
  | { readonly at: 'rolling-out' | 'cleaning-up'; readonly release: string; readonly project: string }
  | { readonly at: 'taking-down'; readonly project: string };

/** How far a command has come after one more event. */
export function standingAfter(standing: Standing, event: Event): Standing {
  if (event.type === 'deploy-started') return { at: 'looking', release: event.release, project: event.project };
  if (standing.at === 'taking-down') return standing;
  const { release = '', project = '' } = standing;
  if (event.type === 'step-done' && event.step.kind === 'commit-release' && !event.undo)
    return { at: 'cleaning-up', release, project };
  if (event.type === 'step-started' && standing.at === 'looking') return { at: 'rolling-out', release, project };
  // A commit that is undone.
  if (event.type === 'undo-started') return { at: 'rolling-out', release, project };
  return standing;
}

/** What a command leaves behind when it is ended at once; undefined if it has changed nothing yet. */
export function leftHalfDone(standing: Standing, signal: string): LobbieError | undefined {
  const left = (what: string, hint: string) =>
    new LobbieError('LEFT_HALF_DONE', `Interrupted by a second ${signal}: ${what}`, { hint });
  const next = 'and the next `lobbie deploy` or `lobbie recreate`';
  switch (standing.at) {
    case 'looking':
      return undefined;
    case 'rolling-out':
      return left(
        `release ${standing.release} of project ${standing.project} is only partly rolled out, and the previous state is not restored.`,
        `\`lobbie status\` shows what is running, ${next} finishes or undoes the release.`,
      );
    case 'cleaning-up':
      return left(
        `release ${standing.release} of project ${standing.project} is deployed, and some of the old containers are left.`,
        `\`lobbie status\` shows what is running, ${next} removes them.`,
      );
    case 'taking-down':
      return left(
        `project ${standing.project} is not completely removed.`,
        '`lobbie status` shows what is left, and the next `lobbie down` removes it.',
      );
    default:
      return standing satisfies never;
  }
}
