import { replicaName } from '../model/service.ts';
import type { ToldStep } from '../model/step.ts';
import { cleanText } from './clean-text.ts';

/** The words for a step: its subject, the verb while it runs, the verb once it is done, and details. */
export interface StepWords {
  /** The short name by which lines are aligned: `api-1`, `api`, `network`. */
  readonly subject: string;
  readonly doing: string;
  readonly done: string;
  readonly detail: string;
  /** A minor step in between. A terminal shows it while it runs and keeps no line of it. */
  readonly passing: boolean;
  /** Printed, but dimmed. */
  readonly minor?: boolean;
}

/** The words for a step; `undo` if it restores the previous state. */
export const stepWords = (step: ToldStep, undo: boolean): StepWords => {
  const words = wordsOf(step, undo);
  return { ...words, subject: cleanText(words.subject), detail: cleanText(words.detail) };
};

const wordsOf = (step: ToldStep, undo: boolean): StepWords => {
  const told = { detail: '', passing: false };
  const passing = { detail: '', passing: true };
  switch (step.kind) {
    case 'build-image':
      return { ...told, subject: shortImage(step.image), doing: 'building', done: 'built', detail: step.image };
    case 'create-network':
      return { ...told, minor: true, subject: 'network', doing: 'creating', done: 'created', detail: step.name };
    case 'remove-network':
      return { ...told, subject: 'network', doing: 'removing', done: 'removed', detail: step.name };
    case 'create-volume':
      return { ...told, minor: true, subject: 'volume', doing: 'creating', done: 'created', detail: step.name };
    case 'prepare-history':
      return { ...passing, subject: 'history', doing: 'preparing', done: 'prepared', detail: step.source };
    case 'leave-history':
      return { ...told, subject: 'history', doing: 'moving', done: 'moved', detail: `${step.from} -> ${step.source}` };
    case 'create-ingress':
      return {
        ...told,
        subject: step.service,
        doing: 'creating ingress',
        done: 'ingress created',
        detail: step.named ?? step.container,
      };
    case 'start-ingress':
      return {
        ...told,
        subject: step.service,
        doing: 'opening',
        done: 'ingress up',
        detail: step.named ?? step.container,
      };
    case 'stop-ingress':
      return { ...told, subject: step.service, doing: 'closing', done: 'ingress off', detail: step.container };
    case 'configure-ingress':
      return { ...passing, subject: step.service, doing: 'configuring', done: 'configured' };
    case 'remove-ingress':
      return { ...told, subject: step.service, doing: 'removing', done: 'ingress gone', detail: step.container };
    case 'watch-answers':
      return { ...told, subject: step.service, doing: 'watching answers', done: 'answers well' };
    case 'withdraw-ingress':
      return { ...passing, subject: step.service, doing: 'looking for ports', done: 'looked for ports' };
    case 'wait':
      return { ...passing, subject: step.service, doing: 'waiting', done: 'waited', detail: 'before the next batch' };
    case 'stop-former':
      return { ...told, subject: step.service, doing: 'stopping', done: 'stopped', detail: step.container };
    case 'start-former':
      return { ...told, subject: step.service, doing: 'starting', done: 'runs again', detail: step.container };
    case 'remove-former':
      return {
        ...told,
        minor: true,
        subject: step.service,
        doing: 'removing',
        done: 'removed',
        detail: step.container,
      };
    case 'commit-release':
      return { ...passing, subject: 'release', doing: 'recording', done: 'recorded', detail: step.release };
    default:
      return { ...replicaWords(step, undo), subject: replicaName(step.replica) };
  }
};

const replicaWords = (step: Extract<ToldStep, { replica: unknown }>, undo: boolean): Omit<StepWords, 'subject'> => {
  const told = { detail: '', passing: false };
  const passing = { detail: '', passing: true };
  switch (step.kind) {
    case 'create-replica':
      return { ...passing, doing: 'preparing', done: 'prepared' };
    case 'start-replica':
      return { ...passing, doing: 'starting', done: 'started' };
    case 'run-job':
      return { ...told, doing: 'running', done: 'completed' };
    case 'settle-ports':
      return { ...passing, doing: 'asking', done: 'settled', detail: `port ${step.ports.join(', ')}` };
    case 'watch-replica':
      return { ...told, minor: true, doing: 'watching', done: 'stays up' };
    case 'stop-replica':
      return { ...passing, doing: 'stopping', done: 'stopped', detail: step.container };
    case 'resume-replica':
      return { ...told, doing: 'starting', done: 'runs again', detail: step.container };
    case 'gate-replica':
      return { ...told, doing: 'checking', done: step.sharedBy ? 'ports open' : 'healthy' };
    case 'admit-replica':
      return { ...told, doing: 'admitting', done: undo ? 'serves again' : 'serving' };
    case 'ask-replica':
      return { ...passing, doing: 'asking', done: 'answered' };
    case 'drain-replica':
      return { ...passing, doing: 'draining', done: 'drained', detail: step.container };
    case 'retire-replica':
      return { ...told, doing: 'retiring', done: undo ? 'removed' : 'retired', detail: step.container, minor: !undo };
    default:
      return step satisfies never;
  }
};

/** `lobbie-api` for `registry.example/team/lobbie-api:3f9x`: enough to tell apart the images of a project. */
export const shortImage = (image: string): string => {
  const last = cleanText(image).split('@')[0]?.split('/').at(-1) ?? '';
  return last.split(':')[0] || cleanText(image);
};
