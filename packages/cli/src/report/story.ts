import type { Event, StepResult } from '../model/events.ts';
import { replicaName } from '../model/service.ts';
import type { ToldStep } from '../model/step.ts';
import { cleanText } from './clean-text.ts';
import { shortImage, stepWords } from './step-words.ts';

/** One thing to tell a person, without symbols and colours yet. */
export interface Told {
  /** `news`: something that is still going on. */
  readonly sign: 'done' | 'failed' | 'warning' | 'undo' | 'news' | 'none';
  /** Empty if the detail is a whole sentence. */
  readonly subject: string;
  readonly verb: string;
  readonly seconds?: number;
  readonly detail: string;
  /** The files of a replica, if its line shows them. */
  readonly files?: StepResult;
  /** A terminal has shown this while it was going on and keeps no line of it. */
  readonly passing: boolean;
  /** Printed, but dimmed. */
  readonly minor?: boolean;
}

/** Something that is going on right now. */
export interface Ongoing {
  readonly subject: string;
  readonly verb: string;
  readonly sinceMs: number;
  readonly detail: string;
  /** Between 0 and 1; absent if unknown. */
  readonly progress?: number;
}

/** Follows the events, turns each into something to tell, and keeps track of what is going on. */
export interface Story {
  /** What to print for this event; undefined if it only changes what is going on. */
  follow(event: Event): Told | undefined;
  readonly ongoing: ReadonlyMap<string, Ongoing>;
}

/** A story without events. */
export const createStory = (): Story => {
  const ongoing = new Map<string, Ongoing>();
  /** The step that builds or pulls an image, by image. Some images, such as the ingress image, have no step. */
  const imageSteps = new Map<string, string>();
  const acts = new Map<string, 'build' | 'pull'>();
  const files = new Map<string, StepResult>();
  const admitting = new Set<string>();
  /** Messages already printed. */
  const failures = new Set<string>();

  const tellDone = (event: Extract<Event, { type: 'step-done' }>): Told => {
    const words = stepWords(event.step, event.undo);
    const told: Told = {
      ...words,
      sign: event.undo ? 'undo' : 'done',
      verb: event.step.kind === 'build-image' ? IMAGE_DONE[acts.get(event.step.image) ?? 'build'] : words.done,
      seconds: event.seconds,
    };
    const replica = replicaOf(event.step);
    if (replica === undefined || event.undo) return told;
    if (event.step.kind === 'admit-replica') {
      const known = files.get(replica);
      return known === undefined ? told : { ...told, files: known };
    }
    if (event.result?.file === undefined) return told;
    files.set(replica, event.result);
    // A replica that answers before it is admitted shows its files when it serves. Otherwise this line shows them.
    return { ...told, passing: admitting.has(replica), files: event.result };
  };

  const tellFailed = (event: Extract<Event, { type: 'step-failed' }>): Told => {
    const { subject } = stepWords(event.step, event.undo);
    const { seconds } = event;
    const detail = cleanText(event.message);
    const interrupted = event.code === 'INTERRUPTED' || event.code === 'TERMINATED';
    // Steps stopped by another step's failure end with that step's error. They did not fail themselves.
    if (interrupted || (failures.has(detail) && !event.undo)) {
      return { sign: 'failed', subject, verb: 'stopped', seconds, detail: '', passing: true };
    }
    failures.add(detail);
    return { sign: 'failed', subject, verb: 'failed', seconds, detail, passing: false };
  };

  const leave = ({ id, step }: { id: string; step: ToldStep }): void => {
    ongoing.delete(id);
    if (step.kind === 'build-image') imageSteps.delete(step.image);
    if (step.kind === 'admit-replica') admitting.delete(replicaName(step.replica));
  };

  return {
    ongoing,
    follow(event) {
      switch (event.type) {
        case 'deploy-started':
          return {
            ...SENTENCE,
            detail: cleanText(`${event.command} ${event.project}, release ${event.release}, on ${event.engine}`),
          };
        case 'repairing':
          return {
            ...SENTENCE,
            sign: 'warning',
            detail: cleanText(`release ${event.release} was left unfinished: repairing it first`),
          };
        case 'undo-started': {
          const because = cleanText(event.because);
          const told = because === '' || failures.has(because);
          return { ...SENTENCE, sign: 'undo', detail: `restoring what ran before${told ? '' : `: ${because}`}` };
        }
        case 'warning':
          return { ...SENTENCE, sign: 'warning', detail: cleanText(event.message) };
        case 'image-progress': {
          const key = imageSteps.get(event.image) ?? `image ${event.image}`;
          const { message, current, total } = event.progress;
          const { subject, sinceMs } = ongoing.get(key) ?? { subject: shortImage(event.image), sinceMs: event.timeMs };
          acts.set(event.image, event.act);
          const verb = event.act === 'build' ? 'building' : 'pulling';
          const detail = cleanText(message);
          ongoing.set(key, { subject, verb, sinceMs, detail, ...progressOf(current, total) });
          return { sign: 'news', subject, verb, detail, passing: true };
        }
        case 'image-done': {
          acts.set(event.image, event.act);
          ongoing.delete(`image ${event.image}`);
          // The end of the step that needs the image is printed by that step.
          if (imageSteps.has(event.image)) return undefined;
          return {
            sign: 'done',
            subject: shortImage(event.image),
            verb: IMAGE_DONE[event.act],
            seconds: event.seconds,
            detail: cleanText(event.image),
            passing: false,
          };
        }
        case 'gate-waiting': {
          const row = ongoing.get(event.id);
          if (row === undefined) return undefined;
          const detail = cleanText(event.lastCheck);
          ongoing.set(event.id, { ...row, detail });
          return { sign: 'news', subject: row.subject, verb: row.verb, detail, passing: true };
        }
        case 'step-started': {
          const { subject, doing, detail } = stepWords(event.step, event.undo);
          ongoing.set(event.id, { subject, verb: doing, sinceMs: event.timeMs, detail });
          if (event.step.kind === 'build-image') imageSteps.set(event.step.image, event.id);
          if (event.step.kind === 'admit-replica') admitting.add(replicaName(event.step.replica));
          return undefined;
        }
        case 'step-done':
          leave(event);
          return tellDone(event);
        case 'step-failed':
          leave(event);
          return tellFailed(event);
        default:
          return event satisfies never;
      }
    },
  };
};

const IMAGE_DONE = { build: 'built', pull: 'pulled' } as const;

const SENTENCE: Told = { sign: 'none', subject: '', verb: '', detail: '', passing: false };

const replicaOf = (step: ToldStep): string | undefined => ('replica' in step ? replicaName(step.replica) : undefined);

const progressOf = (current: number | undefined, total: number | undefined): { progress?: number } =>
  current === undefined || total === undefined || total <= 0 ? {} : { progress: Math.min(1, current / total) };
