import type { ToldStep } from '../model/step.ts';

/** The name on the engine of what a step acts on. The same step always gives the same text. */
export const stepSubject = (step: ToldStep): string => {
  switch (step.kind) {
    case 'build-image':
      return step.image;
    case 'create-network':
    case 'remove-network':
    case 'create-volume':
      return step.name;
    case 'prepare-history':
      return step.source;
    case 'leave-history':
      return step.from;
    case 'configure-ingress':
    case 'wait':
    case 'watch-answers':
      return step.service;
    case 'create-ingress':
    case 'start-ingress':
      return step.named ?? step.container;
    case 'commit-release':
      return step.release;
    default:
      return step.container;
  }
};
