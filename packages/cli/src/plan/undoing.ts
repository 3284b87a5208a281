import type { ActStep, BegunStep } from '../model/step.ts';

/** The stages of an undo, in order. */
export const STAGES = [
  'remove-new-ingress',
  'restore-ingress',
  'reconfigure',
  'resume-beside',
  'readmit',
  'drain-new',
  'retire-new',
  'resume',
  'readmit-resumed',
  'remove-foundation',
] as const;

export interface Undoing {
  readonly stage: (typeof STAGES)[number];
  readonly step: ActStep;
}

const reason = 'the rollout is undone';

/** The acts that undo one step, finished or only begun. */
export function undoing(step: BegunStep): Undoing[] {
  switch (step.kind) {
    case 'create-network':
      return [{ stage: 'remove-foundation', step: { kind: 'remove-network', name: step.name, reason } }];
    case 'create-ingress': {
      const { service, container } = step;
      return [{ stage: 'remove-new-ingress', step: { kind: 'remove-ingress', service, container, reason } }];
    }
    case 'stop-ingress': {
      const { service, container, undo: input } = step;
      return [{ stage: 'restore-ingress', step: { kind: 'start-ingress', service, container, input, reason } }];
    }
    case 'configure-ingress': {
      const { service, state, previous, undo: input } = step;
      const back = { kind: 'configure-ingress', service, state: previous, previous: state, input, reason } as const;
      return [{ stage: 'reconfigure', step: back }];
    }
    case 'gate-replica': {
      const { replica, previous: state, undo: input } = step;
      if (state === undefined) return [];
      const { service } = replica;
      const back = { kind: 'configure-ingress', service, state, previous: state, input, reason } as const;
      return [{ stage: 'reconfigure', step: back }];
    }
    case 'settle-ports': {
      const { service, previous: state, undo: input } = step;
      const back = { kind: 'configure-ingress', service, state, previous: state, input, reason } as const;
      return [{ stage: 'reconfigure', step: back }];
    }
    case 'create-replica':
    case 'start-replica':
    case 'run-job': {
      const { replica, container, undo: input } = step;
      return [{ stage: 'retire-new', step: { kind: 'retire-replica', replica, container, input, reason } }];
    }
    case 'admit-replica': {
      const { replica, container, undo: input } = step;
      return [{ stage: 'drain-new', step: { kind: 'drain-replica', replica, container, input, reason } }];
    }
    case 'drain-replica': {
      const { replica, container, idle } = step;
      return idle ? [] : [{ stage: 'readmit', step: { kind: 'admit-replica', replica, container, reason } }];
    }
    case 'stop-replica': {
      const { replica, container, beside, undo: input } = step;
      const back = { kind: 'resume-replica', replica, container, input, reason } as const;
      return [{ stage: beside ? 'resume-beside' : 'resume', step: back }];
    }
    case 'stop-former': {
      const { service, container } = step;
      return [{ stage: 'resume', step: { kind: 'start-former', service, container, reason } }];
    }
    // An image only takes up space, data written to a volume stays, the history outlives everything, and the other
    // steps change nothing lasting.
    case 'build-image':
    case 'create-volume':
    case 'prepare-history':
    case 'leave-history':
    case 'start-ingress':
    // It was created by the rollout that is being undone.
    case 'withdraw-ingress':
    case 'watch-replica':
    case 'watch-answers':
    case 'ask-replica':
    case 'wait':
    case 'commit-release':
    case 'remove-ingress':
    case 'retire-replica':
    case 'resume-replica':
    case 'start-former':
    case 'remove-former':
    case 'remove-network':
      return [];
    default:
      return step satisfies never;
  }
}
