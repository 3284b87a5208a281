import { LobbieError } from './model/errors.ts';
import type { Event } from './model/events.ts';

/** How far a command has come in changing things. */
export type Standing =
  | { readonly at: 'looking'; readonly release?: string; readonly project?: string }
  | { readonly at: 'rolling-out' | 'cleaning-up'; readonly release: string; readonly project: string }
  | { readonly at: 'taking-down'; readonly project: string };

/** How far it has come after a further event. */
export function standingAfter(standing: Standing, event: Event): Standing {
  if (event.type === 'deploy-started') return { at: 'looking', release: event.release, project: event.project };
  if (standing.at === 'taking-down') return standing;
  const { release = '', project = '' } = standing;
  if (event.type === 'step-done' && event.step.kind === 'commit-release' && !event.undo)
    return { at: 'cleaning-up', release, project };
  if (event.type === 'step-started' && standing.at === 'looking') return { at: 'rolling-out', release, project };
  // A commit that is taken back.
  if (event.type === 'undo-started') return { at: 'rolling-out', release, project };
  return standing;
}

/** What a command leaves that is ended on the spot; undefined where it has changed nothing yet. */
export function leftHalfDone(standing: Standing, signal: string): LobbieError | undefined {
  const left = (what: string, hint: string) =>
    new LobbieError('LEFT_HALF_DONE', `Interrupted by a second ${signal}: ${what}`, { hint });
  const next = 'and the next `lobbie deploy` or `lobbie recreate`';
  switch (standing.at) {
    case 'looking':
      return undefined;
    case 'rolling-out':
      return left(
        `release ${standing.release} of project ${standing.project} is left half rolled out, and what ran before is not restored.`,
        `\`lobbie status\` shows what is there, ${next} finishes or undoes what was left.`,
      );
    case 'cleaning-up':
      return left(
        `release ${standing.release} of project ${standing.project} is deployed, and what it replaced is left in part.`,
        `\`lobbie status\` shows what is there, ${next} removes what was left.`,
      );
    case 'taking-down':
      return left(
        `project ${standing.project} is left, whole or in part.`,
        '`lobbie status` shows what is there, and the next `lobbie down` removes it.',
      );
    default:
      return standing satisfies never;
  }
}
