import type { Step } from '../model/plan.ts';

/** What a step acts on, by its name on the engine; the same step always gives the same text. */
export const stepSubject = (step: Step): string => {
  switch (step.kind) {
    case 'build-image':
      return step.image;
    case 'create-network':
    case 'remove-network':
      return step.name;
    case 'prepare-history':
      return step.source;
    case 'create-ingress':
    case 'start-ingress':
    case 'stop-ingress':
    case 'remove-ingress':
    case 'start-replica':
    case 'gate-replica':
    case 'admit-replica':
    case 'drain-replica':
    case 'ask-replica':
    case 'retire-replica':
      return step.container;
    case 'configure-ingress':
      return step.service;
    case 'commit-release':
      return step.release;
    default:
      return step satisfies never;
  }
};
