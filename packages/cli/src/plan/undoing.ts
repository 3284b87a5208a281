import type { Step } from '../model/plan.ts';

/** The stages of taking a rollout back, in their order. */
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
  readonly step: Step;
}

const reason = 'the rollout is taken back';

/** What takes back one step, done or only begun. */
export function undoing(step: Step): Undoing[] {
  switch (step.kind) {
    case 'create-network':
      return [{ stage: 'remove-foundation', step: { kind: 'remove-network', name: step.name, reason } }];
    case 'create-ingress': {
      const { service, container } = step;
      return [{ stage: 'remove-new-ingress', step: { kind: 'remove-ingress', service, container, reason } }];
    }
    case 'stop-ingress': {
      const { service, container } = step;
      return [{ stage: 'restore-ingress', step: { kind: 'start-ingress', service, container, reason } }];
    }
    case 'configure-ingress': {
      const { service, state, previous } = step;
      const back = { kind: 'configure-ingress', service, state: previous, previous: state, reason } as const;
      return [{ stage: 'reconfigure', step: back }];
    }
    case 'gate-replica': {
      const { replica, previous: state } = step;
      if (state === undefined) return [];
      const back = { kind: 'configure-ingress', service: replica.service, state, previous: state, reason } as const;
      return [{ stage: 'reconfigure', step: back }];
    }
    case 'settle-ports': {
      const { service, previous: state } = step;
      return [{ stage: 'reconfigure', step: { kind: 'configure-ingress', service, state, previous: state, reason } }];
    }
    case 'create-replica':
    case 'start-replica':
    case 'run-job': {
      const { replica, container } = step;
      return [{ stage: 'retire-new', step: { kind: 'retire-replica', replica, container, reason } }];
    }
    case 'admit-replica': {
      const { replica, container } = step;
      return [{ stage: 'drain-new', step: { kind: 'drain-replica', replica, container, reason } }];
    }
    case 'drain-replica': {
      const { replica, container, idle } = step;
      return idle ? [] : [{ stage: 'readmit', step: { kind: 'admit-replica', replica, container, reason } }];
    }
    case 'stop-replica': {
      const { replica, container, beside } = step;
      const back = { kind: 'resume-replica', replica, container, reason } as const;
      return [{ stage: beside ? 'resume-beside' : 'resume', step: back }];
    }
    case 'stop-former': {
      const { service, container } = step;
      return [{ stage: 'resume', step: { kind: 'start-former', service, container, reason } }];
    }
    // An image costs nothing but room, what was written to a volume stays, the history outlives everything, and the rest
    // changes nothing that lasts.
    case 'build-image':
    case 'create-volume':
    case 'prepare-history':
    case 'leave-history':
    case 'start-ingress':
    // It was made by the rollout that is taken back.
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
